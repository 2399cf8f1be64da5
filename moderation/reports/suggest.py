"""From which score on moderators would have agreed, told from the verdicts they gave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from moderation.backtest.intervals import CountedShare
from moderation.domain import Action, VerdictKind
from moderation.rules import Ruleset
from moderation.rules.schema.thresholds import in_language
from moderation.store import Store
from moderation.store.verdicts.judged import JudgedComment, judged_comments

LEAST_VERDICTS = 100
"""Fewer say too little: of 99, the interval of any threshold is wider than what one would decide by it."""

_FEWEST_DECIMALS, _MOST_DECIMALS = 2, 6

ScoredVerdict = tuple[float, bool]
"""A score, and whether a moderator rejected the comment."""


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
        precision: of these, those that were rejected.
        recall: of all that were rejected, these.
    """

    score: float
    precision: CountedShare
    recall: CountedShare


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the verdicts say.

    Attributes:
        wanted: what was asked for.
        verdicts: how many approvals and rejections it rests on.
        rejected: how many of them are rejections.
        other_model: verdicts left out because another model than the present one scored the comment.
        lowest: the lowest score that anybody gave a verdict on: below it, nothing is known.
        threshold: the lowest that reaches the precision; `None` if none does, or there are too few verdicts.
        best: the one of the highest precision, where none reaches it.
    """

    wanted: SuggestionQuery
    verdicts: int
    rejected: int
    other_model: int
    lowest: float | None
    threshold: Threshold | None
    best: Threshold | None

    @property
    def too_few(self) -> bool:
        """Whether nothing was looked for, because there are too few verdicts."""
        return self.verdicts < LEAST_VERDICTS

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
            "too_few_verdicts": self.too_few,
            "threshold": self.threshold and _to_dict(self.threshold),
            "best": self.best and _to_dict(self.best),
        }


def suggest_threshold(store: Store, wanted: SuggestionQuery) -> Suggestion:
    """Find the lowest threshold that reaches a precision on the verdicts that stand.

    Raises:
        StoreError: the database can't be used.
    """
    with store.reading() as session:
        known = judged_comments(session=session)
    scored = [
        one for one in known if wanted.attribute in one.scores and wanted.language in {None, one.language}
    ]
    model = max(scored, key=lambda one: one.decision_id).model if scored else ""
    cases = [_case(one, wanted.attribute) for one in scored if one.model == model]
    enough = len(cases) >= LEAST_VERDICTS
    found = lowest_threshold(cases, wanted.precision) if enough else None
    return Suggestion(
        wanted=wanted,
        verdicts=len(cases),
        rejected=sum(rejected for _, rejected in cases),
        other_model=len(scored) - len(cases),
        lowest=min((score for score, _ in cases), default=None),
        threshold=found,
        best=None if found or not enough else _most_precise(cases),
    )


def lowest_threshold(cases: Iterable[ScoredVerdict], precision: float) -> Threshold | None:
    """Return the lowest threshold from which on at least this share was rejected; `None` if there is none."""
    reaching = [one for one in _thresholds(cases) if (one.precision.value or 0) >= precision]
    return reaching[-1] if reaching else None


@dataclass(frozen=True, slots=True)
class SuggestedLevels:
    """An attribute's thresholds with the suggested one among them, as rules.yaml would say them.

    Attributes:
        scores: by action, the score from which on it is taken; `None`: never, because a stronger one begins there.
        stronger: an action that begins at or below the suggested threshold already, which so would never act.
    """

    scores: dict[Action, float | None]
    stronger: Action | None


def levels_with(score: float, wanted: SuggestionQuery, ruleset: Ruleset) -> SuggestedLevels:
    """Put a suggested threshold among those that a ruleset has for the attribute, in the language if one is named."""
    toxicity = ruleset.config.toxicity
    base = toxicity.thresholds if toxicity else {}
    own = toxicity.by_language.get(wanted.language or "", {}) if toxicity else {}
    in_force = in_language(base, own).get(wanted.attribute)
    others = dict(in_force.strongest_first() if in_force else ())
    others.pop(wanted.action, None)
    strength = wanted.action.strength
    sooner = [action for action, begins in others.items() if action.strength > strength and begins <= score]
    dead = [action for action, begins in others.items() if action.strength < strength and begins >= score]
    said = others | dict.fromkeys(dead) | {wanted.action: score}
    return SuggestedLevels(
        {action: said[action] for action in Action if action in said}, sooner[0] if sooner else None
    )


def _thresholds(cases: Iterable[ScoredVerdict]) -> list[Threshold]:
    """Return one threshold for each score, the highest first."""
    ordered = sorted(cases, reverse=True)
    bad = sum(rejected for _, rejected in ordered)
    found, hits = [], 0
    for number, (score, rejected) in enumerate(ordered, start=1):
        hits += rejected
        below = ordered[number][0] if number < len(ordered) else -1.0
        if below < score:
            found.append(Threshold(_short(score, below), CountedShare(hits, number), CountedShare(hits, bad)))
    return found


def _most_precise(cases: Sequence[ScoredVerdict]) -> Threshold | None:
    return max(_thresholds(cases), key=lambda one: (one.precision.value or 0, one.recall.part), default=None)


def _short(score: float, below: float) -> float:
    """Return the number with the fewest decimals that has the score on its side, and not the next one below."""
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
