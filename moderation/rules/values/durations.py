"""Durations as people write them, in rules.yaml, in files and on the command line: `10 minutes`, `7d`, `1.5 h`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from moderation.rules.reading.faults import Fault, kind_of_value, nearest_word, quoted, refuse

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
"""Seconds of each unit of time."""

AGE_UNITS = UNITS | {"month": 30 * UNITS["day"], "year": 365 * UNITS["day"]}
"""... and of those in which comment systems tell an account's age; rules have none that are longer in some years."""

_SHORT = {
    "s": "second",
    "sec": "second",
    "min": "minute",
    "m": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
}
_LONGEST = timedelta(days=36_500)
_WRITTEN = re.compile(r"(\d{1,20}(?:\.\d{1,20})?)\s*([A-Za-z]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time, with the words it was written in."""

    text: str
    time: timedelta


def seconds_of(text: str, units: Mapping[str, int] = UNITS) -> float:
    """Return how many seconds a duration has, however long it is.

    Args:
        text: a number and a unit.
        units: those that may stand in it.

    Raises:
        PydanticCustomError: it is none; the fault says why.
    """
    match = _WRITTEN.fullmatch(text.strip())
    if not match:
        raise refuse(Fault(f"{quoted(text)} is no duration", 'write a number and a unit: "10 minutes"'))
    number, word = match.groups()
    unit = _SHORT.get(word.lower(), word.lower().removesuffix("s"))
    if unit not in units:
        close = nearest_word(unit, units)
        *most, last = (f"{name}s" for name in units)
        hint = f"did you mean `{number} {close}s`?" if close else f"use {', '.join(most)} or {last}"
        raise refuse(Fault(f"{quoted(word)} is no unit of time", hint))
    return float(number) * units[unit]


def read_duration(value: object) -> Duration:
    """Take a duration longer than nothing: `10 minutes`, `1.5 h`.

    Raises:
        PydanticCustomError: it is none; the fault says why.
    """
    if not isinstance(value, str):
        raise refuse(
            Fault(f"a duration needs a unit, and is not {kind_of_value(value)}", 'write it as "10 minutes"')
        )
    seconds = seconds_of(value)
    if not 0 < seconds <= _LONGEST.total_seconds():
        raise refuse(Fault(f"{quoted(value)} is no useful duration", "write 1 second to 36500 days"))
    return Duration(value, timedelta(seconds=seconds))


def repeat_key(by: str, window: timedelta) -> str:
    """Name the count of what was said before within a window: key of a REPEATED signal."""
    return f"{by}@{window.total_seconds():g}"
