"""Which part of the queue somebody looks at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, Float, cast
from sqlmodel import Session, col, func, select

from moderation.domain import ATTRIBUTES, Action
from moderation.errors import InvalidFilterError
from moderation.store.tables.base import Table
from moderation.store.tables.comments import DecisionRow
from moderation.store.tables.queue import QueueItemRow, thread_key

_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_AGE = re.compile(r"(\d{1,6})([dhms])")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Narrows the queue; what is `None` doesn't.

    Attributes:
        site: the site that the comment was written on.
        thread: the article that it hangs under.
        language: ISO 639-1 code, or `und`.
        rule: name of the first rule that had it queued.
        attribute: which score `low` and `high` are about; the highest of all if `None`.
        low: least score, 0–1.
        high: highest score, 0–1.
        min_age: least time since it was queued.
        max_age: longest time since it was queued.
        escalated: whether a moderator has asked for somebody with more say.
        assigned_to: name of the moderator who holds it.
        action: what the rules asked for: flag or hold.

    Raises:
        InvalidFilterError: a score is not within 0–1, or the attribute is none that models score.
    """

    site: str | None = None
    thread: str | None = None
    language: str | None = None
    rule: str | None = None
    attribute: str | None = None
    low: float | None = None
    high: float | None = None
    min_age: timedelta | None = None
    max_age: timedelta | None = None
    escalated: bool | None = None
    assigned_to: str | None = None
    action: Action | None = None

    def __post_init__(self) -> None:
        if self.attribute is not None and self.attribute not in ATTRIBUTES:
            raise InvalidFilterError(
                f"no model scores {self.attribute!r}", hint=f"one of {', '.join(ATTRIBUTES)}"
            )
        for score in (self.low, self.high):
            if score is not None and not 0 <= score <= 1:
                raise InvalidFilterError(f"a score is within 0 and 1, not {score}")

    def to_query(self) -> dict[str, str]:
        """Return it as the parameters of a URL."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _write(value) for name, value in values.items() if value is not None}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Undo `to_query`; parameters of other names and empty ones are left alone.

        Raises:
            InvalidFilterError: a parameter has a value that can't be read.
        """
        known = {field.name for field in fields(cls)}
        return cls(**{name: _read(name, text) for name, text in query.items() if name in known and text})


EVERYTHING = QueueFilter()
"""The whole queue."""


def filter_conditions(wanted: QueueFilter, now: datetime, session: Session) -> list[ColumnElement[bool]]:
    """Return what a queue item has to meet."""
    same = {
        QueueItemRow.site: wanted.site,
        QueueItemRow.thread_key: None if wanted.thread is None else thread_key(wanted.thread),
        QueueItemRow.language: wanted.language,
        QueueItemRow.rule: wanted.rule,
        QueueItemRow.escalated: wanted.escalated,
        QueueItemRow.action: wanted.action,
    }
    found: list[ColumnElement[bool]] = [
        col(column) == value for column, value in same.items() if value is not None
    ]
    if wanted.low is not None:
        found.append(filtered_score(wanted, session) >= wanted.low)
    if wanted.high is not None:
        found.append(filtered_score(wanted, session) <= wanted.high)
    if wanted.min_age is not None:
        found.append(col(QueueItemRow.created_at) <= now - wanted.min_age)
    if wanted.max_age is not None:
        found.append(col(QueueItemRow.created_at) >= now - wanted.max_age)
    if wanted.assigned_to is not None:
        found += [col(QueueItemRow.leased_by) == wanted.assigned_to, col(QueueItemRow.leased_until) > now]
    return found


def filtered_score(wanted: QueueFilter, session: Session) -> ColumnElement[Any]:
    """Return the score that a filter is about; NULL where there is none."""
    if wanted.attribute is None:
        return Table.metadata.tables["queue_item"].c.score
    scores = col(DecisionRow.scores)
    one = (
        cast(scores.op("->>")(wanted.attribute), Float)
        if session.get_bind().dialect.name == "postgresql"
        else func.json_extract(scores, f"$.{wanted.attribute}")
    )
    return (
        select(one)
        .where(col(DecisionRow.id) == col(QueueItemRow.decision_id))
        .correlate(QueueItemRow)
        .scalar_subquery()
    )


def _write(value: Any) -> str:  # noqa: ANN401 - any field's value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        unit = next(name for name, unit in _UNITS.items() if seconds % int(unit.total_seconds()) == 0)
        return f"{seconds // int(_UNITS[unit].total_seconds())}{unit}"
    return str(value)


def _read(name: str, text: str) -> Any:  # noqa: ANN401 - any field's value
    try:
        if name in {"low", "high"}:
            return float(text)
        if name in {"min_age", "max_age"}:
            return _read_age(text)
        if name == "escalated":
            return {"yes": True, "no": False}[text]
        return Action(text) if name == "action" else text
    except (KeyError, ValueError):
        raise InvalidFilterError(f"the filter can't read {name}", hint=_HINTS[name]) from None


def _read_age(text: str) -> timedelta:
    found = _AGE.fullmatch(text)
    if found is None:
        raise ValueError
    return int(found[1]) * _UNITS[found[2]]


_HINTS = {
    "low": "a number from 0 to 1",
    "high": "a number from 0 to 1",
    "min_age": "a number with d, h, m or s: 2h",
    "max_age": "a number with d, h, m or s: 2h",
    "escalated": "yes or no",
    "action": "flag or hold",
}
