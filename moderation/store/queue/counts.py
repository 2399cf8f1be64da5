"""How much waits, and where it lies between harmless and toxic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlmodel import Session

from moderation.domain import Action
from moderation.store.queue.filters import QueueFilter, filter_conditions, filtered_score
from moderation.store.queue_order import PENDING
from moderation.store.tables.base import Table
from moderation.store.verdicts.appeals import open_appeals

_MODULUS, _STRIDE = 10_007, 3_571  # primes: neighbours in the queue lie far apart in the order of samples
_ITEM = Table.metadata.tables["queue_item"]


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much waits; second opinions don't count.

    Attributes:
        pending: comments that wait, escalated ones included.
        escalated: of those, how many wait for an admin.
        leased: of those, how many a moderator holds now.
        appeals: open appeals.
        oldest: since when the longest waits, UTC; `None` if none waits.
    """

    pending: int
    escalated: int
    leased: int
    appeals: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Point:
    """A queued comment as a dot.

    Attributes:
        item: number of the queue item.
        version: the item's version.
        score: of the filter's attribute, else the highest, 0–1; 0 where nothing was scored.
        created_at: when the comment was queued, UTC.
        action: what the rules asked for.
        rule: the first rule that had it queued.
    """

    item: int
    version: int
    score: float
    created_at: datetime
    action: Action
    rule: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A part of the queue at a moment: how much it is, and an even sample of it.

    Attributes:
        count: comments in it.
        oldest: when the first of them was queued, UTC; `None` if there are none.
        newest: when the last of them was queued, UTC; likewise.
        points: all of them, or an even sample: as far as they are still there, the same ones each time.
    """

    count: int
    oldest: datetime | None
    newest: datetime | None
    points: Sequence[Point]


def queue_counts(wanted: QueueFilter, now: datetime, *, session: Session) -> QueueCounts:
    """Count what waits."""
    which = and_(PENDING, _ITEM.c.blind.is_(False), *filter_conditions(wanted, now, session))
    query = select(
        func.count(),
        func.count(case((_ITEM.c.escalated, 1))),
        func.count(case((_ITEM.c.leased_until > now, 1))),
        func.min(_ITEM.c.created_at),
    ).where(which)
    pending, escalated, leased, oldest = session.connection().execute(query).one()
    return QueueCounts(pending, escalated, leased, open_appeals(session=session), oldest)


def queue_points(wanted: QueueFilter, now: datetime, *, most: int, session: Session) -> list[Point]:
    """Return what waits as dots, most urgent first."""
    which = and_(PENDING, _ITEM.c.blind.is_(False), *filter_conditions(wanted, now, session))
    query = _points(wanted, session).where(which).order_by(_ITEM.c.priority.desc(), _ITEM.c.id.desc())
    return [Point(*row) for row in session.connection().execute(query.limit(most))]


def queue_spread(wanted: QueueFilter, *, as_of: datetime, most: int, session: Session) -> Spread:
    """Count what was queued by then and waits, and return an even sample of it; ages count back from then."""
    which = and_(
        PENDING,
        _ITEM.c.blind.is_(False),
        _ITEM.c.created_at <= as_of,
        *filter_conditions(wanted, as_of, session),
    )
    bounds = select(func.count(), func.min(_ITEM.c.created_at), func.max(_ITEM.c.created_at)).where(which)
    count, oldest, newest = session.connection().execute(bounds).one()
    shuffled = _ITEM.c.id % _MODULUS * _STRIDE % _MODULUS
    query = _points(wanted, session).where(which).order_by(shuffled, _ITEM.c.id).limit(most)
    return Spread(count, oldest, newest, tuple(Point(*row) for row in session.connection().execute(query)))


def _points(wanted: QueueFilter, session: Session) -> Select[Any]:
    shown = func.coalesce(filtered_score(wanted, session), 0.0)
    return select(_ITEM.c.id, _ITEM.c.version, shown, _ITEM.c.created_at, _ITEM.c.action, _ITEM.c.rule)
