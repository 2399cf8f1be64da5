"""How much waits, and where it lies between harmless and toxic."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlmodel import Session

from moderation.domain import Action
from moderation.store.appeals import open_appeals
from moderation.store.filters import QueueFilter, conditions, score
from moderation.store.queue import PENDING
from moderation.store.tables import Table

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


def queue_counts(wanted: QueueFilter, now: datetime, *, session: Session) -> QueueCounts:
    """Count what waits."""
    which = and_(PENDING, _ITEM.c.blind.is_(False), *conditions(wanted, now, session))
    query = select(
        func.count(),
        func.count(case((_ITEM.c.escalated, 1))),
        func.count(case((_ITEM.c.leased_until > now, 1))),
        func.min(_ITEM.c.created_at),
    ).where(which)
    pending, escalated, leased, oldest = session.connection().execute(query).one()
    return QueueCounts(pending, escalated, leased, open_appeals(session=session), oldest)


def points(wanted: QueueFilter, now: datetime, *, most: int, session: Session) -> list[Point]:
    """Return what waits as dots, most urgent first."""
    which = and_(PENDING, _ITEM.c.blind.is_(False), *conditions(wanted, now, session))
    shown = func.coalesce(score(wanted, session), 0.0)
    query = (
        select(_ITEM.c.id, _ITEM.c.version, shown, _ITEM.c.created_at, _ITEM.c.action, _ITEM.c.rule)
        .where(which)
        .order_by(_ITEM.c.priority.desc(), _ITEM.c.id.desc())
        .limit(most)
    )
    return [Point(*row) for row in session.connection().execute(query)]
