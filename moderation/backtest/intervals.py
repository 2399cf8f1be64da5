"""How far a share that was counted may be from the truth."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

_Z = 1.959963984540054  # 95 % of a normal distribution lie so many standard deviations around its mean


@dataclass(frozen=True, slots=True)
class CountedShare:
    """A share of a number of cases, with its 95 % interval.

    Attributes:
        part: cases that are meant.
        whole: all cases.
    """

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, 0–1; `None` of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval (1927), which holds for few cases and for shares near 0 and 1 too."""
        if not self.whole:
            return None
        share, weight = self.part / self.whole, _Z**2 / self.whole
        centre = (share + weight / 2) / (1 + weight)
        half = _Z / (1 + weight) * sqrt(share * (1 - share) / self.whole + weight / self.whole / 4)
        low = 0.0 if self.part == 0 else max(0.0, centre - half)
        high = 1.0 if self.part == self.whole else min(1.0, centre + half)
        return low, high

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        interval = self.interval
        return {
            "part": self.part,
            "whole": self.whole,
            "share": self.value,
            "interval": interval and list(interval),
        }
