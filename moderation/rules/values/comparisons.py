"""Values that rules.yaml writes as text: comparisons (`> 2`, `0.4..0.7`, `< 3 days`), and shares (`10 %`)."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from moderation.rules.reading.faults import Fault, kind_of_value, quoted, refuse
from moderation.rules.values.durations import seconds_of
from moderation.rules.values.editing import AS_NUMBER_OR_TEXT, AS_TEXT

_PERCENT = 100
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_COMPARISON = re.compile(r"(>=|<=|>|<|==?)\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a number must be: `> 2`, or `0.4..0.7` with both ends included.

    Attributes:
        text: as it stands in rules.yaml.
        bounds: operator and number of each part; all must hold. Durations count in seconds.
    """

    text: str
    bounds: tuple[tuple[str, float], ...]
    _tests: tuple[tuple[Callable[[float, float], bool], float], ...] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        tests = tuple((_OPERATORS[sign], number) for sign, number in self.bounds)
        object.__setattr__(self, "_tests", tests)

    @property
    def limit(self) -> str:
        """What is compared with, as it is written: `2`, `3 days`."""
        return self.text.lstrip("<>= ")

    def holds(self, number: float) -> bool:
        """Whether a number is as it must be."""
        return all(test(number, bound) for test, bound in self._tests)


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A kind of number that can be compared, and how it is written."""

    name: str
    example: str
    read: Callable[[str], float]
    highest: float = float("inf")
    exact: bool = False  # whether `= x` makes sense


def _share(text: str) -> float:
    percent = text.endswith("%")
    number = _number(text.removesuffix("%").strip(), "a share", '0.3 or "30 %"')
    share = number / _PERCENT if percent else number
    if share > 1:
        could_be_percent = not percent and number <= _PERCENT
        hint = f"write {number / _PERCENT:g} or {number:g} %" if could_be_percent else "1 is all of it"
        raise refuse(Fault(f"a share goes from 0 to 1: {quoted(text)} is too large", hint))
    return share


def _count(text: str) -> float:
    number = _number(text, "a number", "2")
    if number != int(number):
        raise refuse(Fault(f"{quoted(text)} is no count", "write a whole number"))
    return number


def _number(text: str, name: str, example: str) -> float:
    if not re.fullmatch(r"\d{1,12}(\.\d{1,12})?", text, re.ASCII):
        if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
            raise refuse(Fault(f"{quoted(text)} has too many digits", "write 12 at most"))
        raise refuse(Fault(f"{quoted(text)} is not {name}", f"write {example}"))
    return float(text)


def _compared(quantity: _Quantity) -> Callable[[object], Comparison]:
    def validate(value: object) -> Comparison:
        if not isinstance(value, str) or not (bounds := _bounds(value.strip(), quantity)):
            wrote = quoted(value) if isinstance(value, (str, int, float)) else kind_of_value(value)
            raise refuse(Fault(f"{wrote} does not say how to compare", f'write "{_meant(value, quantity)}"'))
        comparison = Comparison(value, bounds)
        if bounds[0][0] == "=" and not quantity.exact:
            raise refuse(Fault(f"{quantity.name} is never exactly one value", f'write "{quantity.example}"'))
        if not _possible(bounds, quantity.highest):
            raise refuse(
                Fault(f"{quoted(value)} can never be true", f'write for example "{quantity.example}"')
            )
        return comparison

    return validate


_SIGNS = {
    ">=": ("=>", "≥", "at least ", "from "),
    "<=": ("=<", "≤", "at most ", "up to "),
    ">": ("more than ", "over ", "above ", "greater than ", "older than "),
    "<": ("less than ", "fewer than ", "under ", "below ", "younger than "),
}
"""What people write instead of signs."""


def _meant(value: object, quantity: _Quantity) -> str:
    """Write a comparison as it was probably meant; an example if nobody can tell."""
    text = " ".join(str(value).lower().split())
    for sign, others in _SIGNS.items():
        for other in others:
            number = text.removeprefix(other).strip()
            if text.startswith(other) and _readable(number, quantity):
                return f"{sign} {number}"
    return quantity.example


def _readable(number: str, quantity: _Quantity) -> bool:
    try:
        quantity.read(number)
    except PydanticCustomError:
        return False
    return True


def _bounds(text: str, quantity: _Quantity) -> tuple[tuple[str, float], ...]:
    """Split a comparison into signs and numbers; nothing if it is none."""
    if text.startswith(("=>", "=<")):
        return ()
    if match := _COMPARISON.fullmatch(text):
        sign, number = match.groups()
        if re.search(r"\.\.|[<>]|\band\b", number):
            raise refuse(
                Fault(f"{quoted(text)} compares twice", 'write a range, such as "3..5": both ends are in it')
            )
        return ((sign.replace("==", "="), quantity.read(number)),)
    low, dots, high = text.partition("..")
    return ((">=", quantity.read(low.strip())), ("<=", quantity.read(high.strip()))) if dots else ()


def _possible(bounds: tuple[tuple[str, float], ...], highest: float) -> bool:
    """Whether any number from 0 to `highest` is as it must be; a bound itself or an end is, if any is."""
    candidates = {0.0, highest, *(number for _, number in bounds)}
    return any(all(_OPERATORS[s](c, n) for s, n in bounds) for c in candidates)


count_comparison = _compared(_Quantity("a count", "> 2", _count, exact=True))
"""Takes how a count must be: `> 2`."""

CountComparison = Annotated[Comparison, PlainValidator(count_comparison), AS_TEXT]
"""`> 2`, `= 0`, `3..5`."""

ShareComparison = Annotated[
    Comparison, PlainValidator(_compared(_Quantity("a share", ">= 0.4", _share, highest=1.0))), AS_TEXT
]
"""`>= 0.4`, `> 30 %`, `0.4..0.7`."""

ReportComparison = Annotated[
    Comparison, PlainValidator(_compared(_Quantity("a count", ">= 3", _count, exact=True))), AS_TEXT
]
"""`>= 3`."""

ConfidenceComparison = Annotated[
    Comparison, PlainValidator(_compared(_Quantity("a confidence", "< 0.7", _share, highest=1.0))), AS_TEXT
]
"""`< 0.7`."""

AgeComparison = Annotated[
    Comparison, PlainValidator(_compared(_Quantity("an age", "< 3 days", seconds_of))), AS_TEXT
]
"""`< 3 days`, `1 hour..1 day`."""


def _share_or_percent(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise refuse(Fault(f"a share must be a number, not {kind_of_value(value)}", 'write 0.1 or "10 %"'))
    return _share(str(value))


ShareOrPercent = Annotated[float, PlainValidator(_share_or_percent), AS_NUMBER_OR_TEXT]
"""`0.1`, `10 %`."""
