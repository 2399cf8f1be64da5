"""Our threshold in place of another system's: where it lies, how sure that is, and which comments change sides."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moderation.backtest.intervals import CountedShare
from moderation.desk.overview import agreement
from moderation.domain import VerdictKind
from moderation.reports.moving.collecting import Compared
from moderation.reports.moving.numbers import (
    Flags,
    bootstrap,
    rank_correlation,
    same_flags,
    same_precision,
)
from moderation.reports.suggest import LEAST_VERDICTS, shortest_between

LEAST_COMMENTS = LEAST_VERDICTS
"""Comments of a language that a threshold is told from at least, as many as verdicts."""

LEAST_FLAGGED = 10
"""Comments on either side of their threshold at least.

Of k flagged comments, the 95 % interval of the k-th highest score reaches about from the (k - 2√k)-th to the
(k + 2√k)-th. With 10 that is the fourth; with 5 it would be the highest of all, and beyond that nothing is known.
"""

_SIDES = {True: VerdictKind.REJECT, False: VerdictKind.APPROVE}  # in the words that kappa is reckoned with


class Same(StrEnum):
    """What our threshold has in common with theirs."""

    FLAGS = "flags"
    PRECISION = "precision"


@dataclass(frozen=True, slots=True)
class SideChange:
    """A comment that our threshold puts on the other side: its row in the file, and whether it is flagged from now on."""

    row: int
    flagged: bool


@dataclass(frozen=True, slots=True)
class Precisions:
    """Of the flagged comments whose end is known, those that were rejected: at their threshold and at ours."""

    theirs: CountedShare
    ours: CountedShare


@dataclass(frozen=True, slots=True)
class Fitted:
    """Our threshold, and how it does beside theirs.

    Attributes:
        score: comments that score it or more are flagged.
        interval: 95 %, by bootstrap; `None` where too many resamples had no threshold.
        resamples: of how many the interval is made.
        flags: share of the comments that it flags.
        agreed: share of the comments that are on the same side of both thresholds.
        kappa: Cohen's kappa of that, -1 to 1; `None` if all are on one side.
        precisions: where the file says what became of the comments.
        gained: comments that are flagged now, and were not.
        lost: comments that were flagged, and are not now.
        changes: of these, those furthest from the thresholds, as many each way as asked for.
    """

    score: float
    interval: tuple[float, float] | None
    resamples: int
    flags: CountedShare
    agreed: CountedShare
    kappa: float | None
    precisions: Precisions | None
    gained: int
    lost: int
    changes: tuple[SideChange, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A threshold of theirs, and ours in its place.

    Attributes:
        attribute: what is scored.
        language: of the comments; `None`: all of them.
        theirs: the other system's threshold.
        flags: share of the comments that it flags.
        rank_correlation: Spearman's, of all scores; `None` if all are the same.
        fitted: `None` where none can be told.
        why: why none can be told.
    """

    attribute: str
    language: str | None
    theirs: float
    flags: CountedShare
    rank_correlation: float | None
    fitted: Fitted | None
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values, without the comments that change sides."""
        found = self.fitted
        return {
            "attribute": self.attribute,
            "language": self.language,
            "their_threshold": self.theirs,
            "their_flags": self.flags.to_dict(),
            "rank_correlation": self.rank_correlation,
            "too_little": self.why or None,
            "threshold": found and found.score,
            "interval": found and found.interval and list(found.interval),
            "resamples": found and found.resamples,
            "flags": found and found.flags.to_dict(),
            "agreement": found and found.agreed.to_dict(),
            "kappa": found and found.kappa,
            "their_precision": found and found.precisions and found.precisions.theirs.to_dict(),
            "precision": found and found.precisions and found.precisions.ours.to_dict(),
            "newly_flagged": found and found.gained,
            "no_longer_flagged": found and found.lost,
        }


def move(
    attribute: str, language: str | None, compared: Compared, theirs: float, *, same: Same, show: int
) -> Move:
    """Find our threshold in place of theirs.

    Args:
        attribute: what is scored.
        language: of the comments; `None`: all.
        compared: the scores of both.
        theirs: the other system's threshold.
        same: what the two are to have in common.
        show: how many comments that change sides are named, each way.
    """
    flagged = compared.theirs >= theirs
    flags = CountedShare(int(flagged.sum()), len(compared))
    correlation = rank_correlation(compared.theirs, compared.ours) if len(compared) else None
    why = _too_little(flags, theirs) or (_too_few_labels(compared, flagged) if same is Same.PRECISION else "")
    score = None if why else _fit(compared, flagged, same, np.arange(len(compared)))
    if score is None:
        why = why or "no threshold reaches the precision of theirs"
        return Move(attribute, language, theirs, flags, correlation, None, why)
    below = compared.ours[compared.ours < score]
    threshold = shortest_between(score, float(below.max()) if len(below) else -1.0)
    interval, resamples = bootstrap(partial(_fit, compared, flagged, same), len(compared))
    if interval:
        interval = min(interval[0], threshold), max(interval[1], threshold)
    sides = _Sides(compared, flagged, theirs, threshold)
    return Move(attribute, language, theirs, flags, correlation, sides.fitted(interval, resamples, show))


def _too_little(flags: CountedShare, theirs: float) -> str:
    if flags.whole < LEAST_COMMENTS:
        return f"too few comments: {flags.whole:,}; from {LEAST_COMMENTS} on a threshold can be told"
    sides = {"reach": flags.part, "stay below": flags.whole - flags.part}
    for what, count in sides.items():
        if count < LEAST_FLAGGED:
            return f"too few comments {what} {theirs:g} there: {count:,}; from {LEAST_FLAGGED} on a threshold can be told"
    return ""


def _too_few_labels(compared: Compared, flagged: Flags) -> str:
    known, judged = int(compared.known.sum()), int((compared.known & flagged).sum())
    if known < LEAST_COMMENTS or judged < LEAST_FLAGGED:
        return (
            f"too few comments of which the file says what became of them: {known:,}, {judged:,} of them flagged "
            f"there; from {LEAST_COMMENTS} and {LEAST_FLAGGED} on a threshold can be told"
        )
    return ""


def _fit(compared: Compared, flagged: Flags, same: Same, drawn: NDArray[np.intp]) -> float | None:
    if same is Same.FLAGS:
        return same_flags(flagged[drawn], compared.ours[drawn])
    known = drawn[compared.known[drawn]]
    return same_precision(flagged[known], compared.ours[known], compared.rejected[known])


@dataclass(frozen=True, slots=True)
class _Sides:
    """The comments on the two sides of two thresholds."""

    compared: Compared
    flagged: Flags
    theirs: float
    score: float

    @property
    def now(self) -> Flags:
        return self.compared.ours >= self.score

    def fitted(self, interval: tuple[float, float] | None, resamples: int, show: int) -> Fitted:
        now, whole = self.now, len(self.compared)
        gained, lost = now & ~self.flagged, self.flagged & ~now
        agreed = whole - int(gained.sum()) - int(lost.sum())
        pairs = [
            (_SIDES[before], _SIDES[after])
            for before, after in zip(self.flagged.tolist(), now.tolist(), strict=True)
        ]
        return Fitted(
            score=self.score,
            interval=interval,
            resamples=resamples,
            flags=CountedShare(int(now.sum()), whole),
            agreed=CountedShare(agreed, whole),
            kappa=agreement(pairs).kappa,
            precisions=self._precisions(now) if self.compared.known.any() else None,
            gained=int(gained.sum()),
            lost=int(lost.sum()),
            changes=(*self._furthest(gained, show, flagged=True), *self._furthest(lost, show, flagged=False)),
        )

    def _precisions(self, now: Flags) -> Precisions:
        known, rejected = self.compared.known, self.compared.rejected
        before, after = (
            CountedShare(int((rejected & known & flags).sum()), int((known & flags).sum()))
            for flags in (self.flagged, now)
        )
        return Precisions(before, after)

    def _furthest(self, which: Flags, show: int, *, flagged: bool) -> list[SideChange]:
        """Return those that are furthest from both thresholds, and so change sides most clearly."""
        distance = abs(self.compared.theirs - self.theirs) + abs(self.compared.ours - self.score)
        order = np.lexsort((self.compared.lines[which], -distance[which]))[:show]
        return [SideChange(int(row), flagged) for row in self.compared.lines[which][order]]
