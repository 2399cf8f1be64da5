"""What the overview shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from moderation.domain import Action, Outcome, VerdictKind


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """How a check did on one day.

    Attributes:
        outcomes: runs by how they ended.
        ms: mean duration in milliseconds.
    """

    outcomes: Mapping[Outcome, int]
    ms: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a blind second opinion agreed with the first.

    Attributes:
        pairs: comments that two moderators decided.
        agreed: of those, how often they said the same.
        kappa: Cohen's kappa, -1 to 1: agreement beyond chance; `None` without pairs, or if every verdict was the same.
    """

    pairs: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of one day, in UTC.

    Attributes:
        day: the day.
        incoming: comments received, each revision counted.
        decisions: by what the rules decided.
        languages: comments by language code.
        verdicts: by kind; second opinions don't count.
        queued: comments that were put in the queue.
        waiting: comments that waited at the day's end.
        oldest: how long the longest of them had waited by then; `None` if none waited.
        seconds_p50: median of the seconds per decision; `None` if nobody measured.
        seconds_p90: 90th percentile likewise.
        agreement: of the blind second opinions that were given on this day.
        checks: each check's figures by its name.
    """

    day: date
    incoming: int = 0
    decisions: Mapping[Action, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    verdicts: Mapping[VerdictKind, int] = field(default_factory=dict)
    queued: int = 0
    waiting: int = 0
    oldest: timedelta | None = None
    seconds_p50: float | None = None
    seconds_p90: float | None = None
    agreement: Agreement = Agreement(0, 0, None)
    checks: Mapping[str, CheckFigures] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """How often moderators let through what a rule had stopped.

    Attributes:
        rule: its name.
        hits: how often it fired.
        judged: comments it fired on that a moderator approved or rejected.
        reversed: of those, how many were approved.
    """

    rule: str
    hits: int
    judged: int
    reversed: int

    @property
    def reversal_rate(self) -> float | None:
        """Share that was approved, 0–1; `None` where nobody judged."""
        return self.reversed / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a period.

    Attributes:
        since: where it begins, UTC.
        days: one for each day, oldest first, quiet days included.
        agreement: of the blind second opinions of all its days together.
        rules: rules that fired, most frequent first.
        seconds_p50: median of the seconds per decision over the period.
        seconds_p90: 90th percentile likewise.
    """

    since: datetime
    days: Sequence[Day]
    agreement: Agreement
    rules: Sequence[RuleFigures]
    seconds_p50: float | None
    seconds_p90: float | None
