"""Who holds which comment of the queue. Taking is one statement, so that no two ever get the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlmodel import Session

from moderation.store.queue.filters import QueueFilter, filter_conditions
from moderation.store.queue_order import PENDING
from moderation.store.tables.base import Table

_ITEM = Table.metadata.tables["queue_item"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks for comments, when, and for how long.

    Attributes:
        name: of the moderator.
        escalated: whether they are given what was escalated.
        now: the time, UTC.
        lease: how long what they take is theirs alone.
    """

    name: str
    escalated: bool
    now: datetime
    lease: timedelta

    @property
    def until(self) -> datetime:
        """When what they take now can be taken by others."""
        return self.now + self.lease


def held_items(reader: Reader, wanted: QueueFilter, *, session: Session) -> list[int]:
    """Return the items that a moderator holds, most urgent first, renewing leases of which half is over."""
    mine = and_(PENDING, _holds(reader), *filter_conditions(wanted, reader.now, session))
    query = select(_ITEM.c.id, _ITEM.c.leased_until).where(mine).order_by(*_ORDER)
    found = session.connection().execute(query).all()
    if any(until < reader.now + reader.lease / 2 for _, until in found):
        renew_leases(reader, session=session)
    return [item for item, _ in found]


def take_items(reader: Reader, wanted: QueueFilter, *, size: int, session: Session) -> list[int]:
    """Give a moderator items that nobody holds, most urgent first, and none that they skipped or decided."""
    free = and_(PENDING, *_may_take(reader), *filter_conditions(wanted, reader.now, session))
    return _lease(free, reader.name, reader.until, size, session)


def takeable_items(
    reader: Reader, wanted: QueueFilter, *, as_of: datetime, after: int, size: int, session: Session
) -> list[tuple[int, int]]:
    """Return items that a moderator could take or holds, queued by then, with their versions, by number."""
    which = and_(
        PENDING,
        _ITEM.c.blind.is_(False),
        _ITEM.c.id > after,
        _ITEM.c.created_at <= as_of,
        or_(_holds(reader), and_(*_may_take(reader))),
        *filter_conditions(wanted, as_of, session),  # ages count back from when the range was shown
    )
    query = select(_ITEM.c.id, _ITEM.c.version).where(which).order_by(_ITEM.c.id).limit(size)
    return [(item, version) for item, version in session.connection().execute(query)]


def renew_leases(reader: Reader, *, session: Session) -> int:
    """Hold what a moderator holds until later; returns how many items that are."""
    mine = and_(PENDING, _holds(reader))
    return len(_lease(mine, reader.name, reader.until, None, session))


def release_leases(reader: Reader, *, session: Session) -> int:
    """Give back what a moderator holds; returns how many items that were."""
    mine = and_(PENDING, _holds(reader))
    return len(_lease(mine, None, None, None, session))


_ORDER = (_ITEM.c.priority.desc(), _ITEM.c.id.desc())


def _holds(reader: Reader) -> ColumnElement[bool]:
    return and_(_ITEM.c.leased_by == reader.name, _ITEM.c.leased_until > reader.now)


def _may_take(reader: Reader) -> list[ColumnElement[bool]]:
    allowed = [
        or_(_ITEM.c.leased_until.is_(None), _ITEM.c.leased_until <= reader.now),
        or_(
            _ITEM.c.skipped_by.is_(None),
            _ITEM.c.skipped_by != reader.name,
            _ITEM.c.skipped_until <= reader.now,
        ),
        or_(_ITEM.c.blind.is_(False), _ITEM.c.decided_by != reader.name),
    ]
    return allowed if reader.escalated else [*allowed, _ITEM.c.escalated.is_(False)]


def _lease(
    which: ColumnElement[bool], name: str | None, until: datetime | None, size: int | None, session: Session
) -> list[int]:
    """Choose and write at once. Rows that another transaction is writing are passed over, not waited for."""
    chosen = select(_ITEM.c.id).where(which).order_by(*_ORDER).limit(size)
    # a common table expression runs once; PostgreSQL may run a subquery of IN again, and lock more rows
    rows = chosen.with_for_update(skip_locked=True).cte("chosen")
    statement = (
        update(_ITEM)
        .where(_ITEM.c.id.in_(select(rows.c.id)))
        .values(leased_by=name, leased_until=until)
        .returning(_ITEM.c.id, _ITEM.c.priority)
    )
    taken = session.connection().execute(statement).all()
    return [item for item, _ in sorted(taken, key=lambda row: (-row.priority, -row.id))]
