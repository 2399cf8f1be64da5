"""Dates as people write them, in rules.yaml and on the command line: days, and points in time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeGuard

from moderation.rules.reading.faults import Fault, kind_of_value, quoted, refuse


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, with the words it was written in."""

    text: str
    time: datetime


def moment_of(text: str) -> datetime | None:
    """Read a point in time by ISO 8601, in UTC unless an offset stands behind it; `None` if it is none."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def read_moment(value: object) -> Moment:
    """Take a date with a time of day: `2026-11-25 22:30`, in UTC unless an offset stands behind it."""
    time = moment_of(value) if isinstance(value, str) else None
    if time is None or not isinstance(value, str):
        wrote = quoted(value) if isinstance(value, str) else kind_of_value(value)
        raise refuse(Fault(f"{wrote} is no point in time", 'write it as "2026-11-25 22:30"'))
    return Moment(value, time)


def is_day(value: object) -> TypeGuard[str]:
    """Whether a value is a date: `2027-01-31`."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def read_day(value: object) -> date:
    """Take a date: `2027-01-31`."""
    if is_day(value):
        return date.fromisoformat(value)
    wrote = quoted(value) if isinstance(value, (str, int, float)) else kind_of_value(value)
    raise refuse(Fault(f"{wrote} is no date", "write year, month and day: 2027-01-31"))
