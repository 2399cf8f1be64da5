"""Comparisons as stretches of numbers: whether two have anything in common, whether one lies in another."""

from dataclasses import dataclass
from functools import reduce

from moderation.rules.values.comparisons import Comparison

_INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers from `low` to `high`; an open end is not itself among them."""

    low: float = 0.0
    high: float = _INFINITE
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def of_comparison(cls, comparison: Comparison) -> "NumberRange":
        """Return the numbers that a comparison holds for."""
        return reduce(NumberRange.cut, (_ONE[sign](number) for sign, number in comparison.bounds), ANY)

    @property
    def empty(self) -> bool:
        """Whether no number is in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def cut(self, other: "NumberRange") -> "NumberRange":
        """Return what both have in common."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return NumberRange(low, high, low_open, not high_closed)

    def within(self, other: "NumberRange") -> bool:
        """Whether all of it is in another."""
        return self.cut(other) == self


ANY = NumberRange()
_ONE = {
    ">": lambda number: NumberRange(low=number, low_open=True),
    ">=": lambda number: NumberRange(low=number),
    "<": lambda number: NumberRange(high=number, high_open=True),
    "<=": lambda number: NumberRange(high=number),
    "=": lambda number: NumberRange(low=number, high=number),
}
