"""Dates of rules.yaml: days, and points in time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeGuard

from moderation.rules.reading.faults import Fault, kind_of_value, quoted, refuse


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, with the words it was written in."""

    text: str
    time: datetime


def moment(value: object) -> Moment:
    """Take a date with a time of day: `2026-11-25 22:30`, in UTC unless an offset stands behind it."""
    try:
        time = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        time = None
    if time is None or not isinstance(value, str):
        wrote = quoted(value) if isinstance(value, str) else kind_of_value(value)
        raise refuse(Fault(f"{wrote} is no point in time", 'write it as "2026-11-25 22:30"'))
    return Moment(value, time if time.tzinfo else time.replace(tzinfo=UTC))


def is_day(value: object) -> TypeGuard[str]:
    """Whether a value is a date: `2027-01-31`."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def day(value: object) -> date:
    """Take a date: `2027-01-31`."""
    if is_day(value):
        return date.fromisoformat(value)
    wrote = quoted(value) if isinstance(value, (str, int, float)) else kind_of_value(value)
    raise refuse(Fault(f"{wrote} is no date", "write year, month and day: 2027-01-31"))
