"""From which score on moderators would have agreed, told from the verdicts they gave, and from labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from moderation.backtest.intervals import CountedShare
from moderation.domain import Action, VerdictKind
from moderation.reports.label_cases import LabelCases, LabelScoring, label_cases
from moderation.store import Store
from moderation.store.verdicts.judged import JudgedComment, judged_comments

LEAST_VERDICTS = 100
"""Fewer, labels included, say too little: of 99, the interval of any threshold is wider than what one would decide by it."""

_FEWEST_DECIMALS, _MOST_DECIMALS = 2, 6

ScoredVerdict = tuple[float, bool]
"""A score, and whether a moderator rejected the comment, or a label says that it has the attribute."""


@dataclass(frozen=True, slots=True)
class SuggestionQuery:
    """What a threshold is looked for.

    Attributes:
        attribute: what is scored.
        precision: share of the comments from the threshold on that must have been rejected, 0–1.
        action: what is to happen from there on.
        language: only comments in it; all if `None`.
    """

    attribute: str
    precision: float
    action: Action
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold, and how it did on the verdicts.

    Attributes:
        score: comments that score it or more are meant.
        precision: of these, those that were rejected, or labelled so.
        recall: of all that were, these.
    """

    score: float
    precision: CountedShare
    recall: CountedShare


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the verdicts and the labels say.

    Attributes:
        wanted: what was asked for.
        verdicts: how many approvals and rejections it rests on.
        rejected: how many of them are rejections.
        other_model: verdicts left out because another model than the present one scored the comment.
        lowest: the lowest score that a moderator gave a verdict on: below it, no verdict says anything.
        labels: how many labelled texts it rests on besides.
        labelled: how many of them have the attribute.
        labels_judged: labels left out because a moderator decided the same text.
        labels_unscored: labels left out because the model had no answer.
        threshold: the lowest that reaches the precision; `None` if none does, or there are too few verdicts and labels.
        best: the one of the highest precision, where none reaches it.
    """

    wanted: SuggestionQuery
    verdicts: int
    rejected: int
    other_model: int
    lowest: float | None
    labels: int
    labelled: int
    labels_judged: int
    labels_unscored: int
    threshold: Threshold | None
    best: Threshold | None

    @property
    def too_few(self) -> bool:
        """Whether nothing was looked for, because there are too few verdicts and labels."""
        return self.verdicts + self.labels < LEAST_VERDICTS

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "attribute": self.wanted.attribute,
            "language": self.wanted.language,
            "action": self.wanted.action,
            "wanted_precision": self.wanted.precision,
            "verdicts": self.verdicts,
            "rejected": self.rejected,
            "other_model": self.other_model,
            "lowest_score_with_a_verdict": self.lowest,
            "labels": self.labels,
            "labels_with_attribute": self.labelled,
            "labels_judged_by_moderators": self.labels_judged,
            "labels_unscored": self.labels_unscored,
            "too_few_verdicts": self.too_few,
            "threshold": self.threshold and _to_dict(self.threshold),
            "best": self.best and _to_dict(self.best),
        }


def suggest_threshold(
    store: Store, wanted: SuggestionQuery, *, scoring: LabelScoring | None = None
) -> Suggestion:
    """Find the lowest threshold that reaches a precision on the verdicts that stand, and on labels.

    Args:
        store: the database.
        wanted: what is looked for.
        scoring: how labels are scored; `None` leaves them out.

    Raises:
        StoreError: the database can't be used.
        ModelError: there are labels, and the model that the rules name can't be loaded.
    """
    with store.reading() as session:
        known = judged_comments(session=session)
    scored = [
        one for one in known if wanted.attribute in one.scores and wanted.language in {None, one.language}
    ]
    said = label_cases(store, wanted.attribute, wanted.language, scoring) if scoring else LabelCases()
    model = said.model or (max(scored, key=lambda one: one.decision_id).model if scored else "")
    verdicts = [_case(one, wanted.attribute) for one in scored if one.model == model]
    cases = verdicts + said.cases
    enough = len(cases) >= LEAST_VERDICTS
    found = lowest_threshold(cases, wanted.precision) if enough else None
    return Suggestion(
        wanted=wanted,
        verdicts=len(verdicts),
        rejected=sum(rejected for _, rejected in verdicts),
        other_model=len(scored) - len(verdicts),
        lowest=min((score for score, _ in verdicts), default=None),
        labels=len(said.cases),
        labelled=sum(has for _, has in said.cases),
        labels_judged=said.judged,
        labels_unscored=said.unscored,
        threshold=found,
        best=None if found or not enough else _most_precise(cases),
    )


def lowest_threshold(cases: Iterable[ScoredVerdict], precision: float) -> Threshold | None:
    """Return the lowest threshold from which on at least this share was rejected; `None` if there is none."""
    reaching = [one for one in _thresholds(cases) if (one.precision.value or 0) >= precision]
    return reaching[-1] if reaching else None


def _thresholds(cases: Iterable[ScoredVerdict]) -> list[Threshold]:
    """Return one threshold for each score, the highest first."""
    ordered = sorted(cases, reverse=True)
    bad = sum(rejected for _, rejected in ordered)
    found, hits = [], 0
    for number, (score, rejected) in enumerate(ordered, start=1):
        hits += rejected
        below = ordered[number][0] if number < len(ordered) else -1.0
        if below < score:
            found.append(
                Threshold(shortest_between(score, below), CountedShare(hits, number), CountedShare(hits, bad))
            )
    return found


def _most_precise(cases: Sequence[ScoredVerdict]) -> Threshold | None:
    return max(_thresholds(cases), key=lambda one: (one.precision.value or 0, one.recall.part), default=None)


def shortest_between(score: float, below: float) -> float:
    """Return the threshold with the fewest decimals that has the score on its side, and not the next one below."""
    for decimals in range(_FEWEST_DECIMALS, _MOST_DECIMALS):
        cut: float = floor(score * 10**decimals) / 10**decimals
        if cut > below:
            return cut
    return score


def _case(one: JudgedComment, attribute: str) -> ScoredVerdict:
    return one.scores[attribute], one.verdict is VerdictKind.REJECT


def _to_dict(threshold: Threshold) -> dict[str, Any]:
    return {
        "score": threshold.score,
        "precision": threshold.precision.to_dict(),
        "recall": threshold.recall.to_dict(),
    }
