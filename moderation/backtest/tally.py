"""What two rulesets make of the same comments, counted: a part of them in each process, then added up."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, zip_longest
from typing import Any

from moderation.backtest.lens import Lacking
from moderation.domain import Action, Comment, Reason, VerdictKind
from moderation.public_form import reasons_to_dicts
from moderation.rules import Weighed

Counted = tuple[Action, Action, str, date, VerdictKind | None]
"""Both actions, language, day and verdict of a comment."""

Pair = tuple[Action, Action]
"""What the one ruleset decides, and what the other."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A comment that the two rulesets decide differently.

    Attributes:
        comment_id: its number; `None` if it is not stored.
        comment: what the author wrote.
        language: its language, as the new ruleset saw it.
        before: action and reasons by the old ruleset.
        after: action and reasons by the new ruleset.
        verdict: what a moderator decided; `None` if nobody did.
    """

    comment_id: int | None
    comment: Comment
    language: str
    before: Weighed
    after: Weighed
    verdict: VerdictKind | None

    @property
    def pair(self) -> Pair:
        """The two actions."""
        return self.before.action, self.after.action

    @property
    def stronger(self) -> bool:
        """Whether the new ruleset is the stricter one here."""
        return self.after.action.strength > self.before.action.strength

    @property
    def because(self) -> tuple[Reason, ...]:
        """The reasons that ask for the stronger of the two actions; where one overruled them, that one."""
        weaker, stronger = (self.before, self.after) if self.stronger else (self.after, self.before)
        overruling = [reason for reason in weaker.reasons if reason.evidence.get("overruled")]
        found = [reason for reason in stronger.reasons if reason.action is stronger.action]
        return tuple(overruling or found)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        comment = self.comment
        return {
            "comment_id": self.comment_id,
            "site": comment.site,
            "external_id": comment.external_id,
            "revision": comment.revision,
            "text": comment.text,
            "created_at": comment.created_at and comment.created_at.isoformat(),
            "language": self.language,
            "before": {"action": self.before.action, "reasons": reasons_to_dicts(self.before.reasons)},
            "after": {"action": self.after.action, "reasons": reasons_to_dicts(self.after.reasons)},
            "verdict": self.verdict,
        }


@dataclass(slots=True)
class Tally:
    """Comments that two rulesets decided, counted.

    Attributes:
        show: how many of the flips are kept, the latest of each pair of actions first.
        counts: comments by what one asks about them: both actions, language, the day they were written (UTC),
            and what a moderator decided.
        rules: flips by the rule that brings them about, and whether the new action is the stronger one.
        examined: comments that were examined again, because their record lacked something.
        lacking: comments that could not be decided by both, by why; they are not among the others.
    """

    show: int
    counts: Counter[Counted] = field(default_factory=Counter)
    rules: Counter[tuple[str, bool]] = field(default_factory=Counter)
    examined: int = 0
    lacking: Counter[Lacking] = field(default_factory=Counter)
    _kept: dict[Pair, deque[Flip]] = field(default_factory=dict)

    @property
    def comments(self) -> int:
        """How many comments were decided by both."""
        return self.counts.total()

    def count(
        self, before: Action, after: Action, language: str, day: date, verdict: VerdictKind | None
    ) -> None:
        """Count a comment."""
        self.counts[before, after, language, day, verdict] += 1

    def keep(self, flip: Flip) -> None:
        """Keep a comment that flips, unless later ones take its place; they come in the order of storing."""
        for rule in {reason.rule for reason in flip.because}:
            self.rules[rule, flip.stronger] += 1
        self._keep(flip.pair, [flip])

    def merge(self, other: "Tally") -> None:
        """Add what was counted of later comments."""
        self.examined += other.examined
        self.counts.update(other.counts)
        self.rules.update(other.rules)
        self.lacking.update(other.lacking)
        for pair, flips in other._kept.items():  # noqa: SLF001 - one of us
            self._keep(pair, flips)

    def _keep(self, pair: Pair, flips: Iterable[Flip]) -> None:
        self._kept.setdefault(pair, deque(maxlen=self.show)).extend(flips)

    @property
    def shown(self) -> list[Flip]:
        """The flips that were kept: of each pair of actions the latest, so that a rare pair is among them."""
        latest = [list(reversed(flips)) for flips in self._kept.values()]
        in_turn = [flip for flip in chain.from_iterable(zip_longest(*latest)) if flip]
        return sorted(in_turn[: self.show], key=_steepest_first)


def _steepest_first(flip: Flip) -> tuple[int, int, int]:
    before, after = flip.pair
    return -abs(after.strength - before.strength), -after.strength, -(flip.comment_id or 0)
