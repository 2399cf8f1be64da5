"""Comparisons as stretches of numbers: whether two have anything in common, whether one lies in another."""

from dataclasses import dataclass
from functools import reduce

from moderation.rules.values.comparisons import Comparison

_INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high`; an open end is not itself among them."""

    low: float = 0.0
    high: float = _INFINITE
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def of(cls, comparison: Comparison) -> "Range":
        """Return the numbers that a comparison holds for."""
        return reduce(Range.cut, (_ONE[sign](number) for sign, number in comparison.bounds), ANY)

    @property
    def empty(self) -> bool:
        """Whether no number is in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def cut(self, other: "Range") -> "Range":
        """Return what both have in common."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Range(low, high, low_open, not high_closed)

    def within(self, other: "Range") -> bool:
        """Whether all of it is in another."""
        return self.cut(other) == self


ANY = Range()
_ONE = {
    ">": lambda number: Range(low=number, low_open=True),
    ">=": lambda number: Range(low=number),
    "<": lambda number: Range(high=number, high_open=True),
    "<=": lambda number: Range(high=number),
    "=": lambda number: Range(low=number, high=number),
}
