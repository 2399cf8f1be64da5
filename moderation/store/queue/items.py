"""Items of the queue: read to be decided, and written back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select, update
from sqlmodel import Session

from moderation.store.queue_order import HAS_NEWER
from moderation.store.tables.base import Table
from moderation.store.tables.queue import QueueStatus
from moderation.store.verdicts.verdict_log import text_hash

_COMMENT = Table.metadata.tables["comment"]
_ITEM = Table.metadata.tables["queue_item"]


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A comment's place in the queue; its columns by the same names."""

    id: int
    comment_id: int
    status: QueueStatus
    version: int
    priority: float
    leased_by: str | None
    leased_until: datetime | None
    escalated: bool
    skipped_by: str | None
    skipped_until: datetime | None
    blind: bool
    decided_by: str | None
    settled_at: datetime | None

    def held_by_another(self, name: str, now: datetime) -> bool:
        """Whether it is somebody else's alone."""
        return (
            self.leased_by not in {None, name} and self.leased_until is not None and self.leased_until > now
        )


@dataclass(frozen=True, slots=True)
class ShownText:
    """What is known of a comment when a verdict comes in.

    Attributes:
        hash: of its text, see `text_hash`.
        newer: whether the author changed it since.
    """

    hash: str
    newer: bool


_COLUMNS = [_ITEM.c[name] for name in QueueItem.__dataclass_fields__]
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LOCK = select(*_COLUMNS).order_by(_ITEM.c.id).with_for_update()  # built once, as all that each verdict needs
_BY_ID = _LOCK.where(_ITEM.c.id.in_(_IDS))
_BY_COMMENT = _LOCK.where(_ITEM.c.comment_id.in_(_IDS))
_TEXTS = select(_COMMENT.c.id, _COMMENT.c.text, HAS_NEWER).where(_COMMENT.c.id.in_(_IDS))
_CHANGING = [name for name in QueueItem.__dataclass_fields__ if name not in {"id", "comment_id"}]
_WRITE = (
    update(_ITEM)
    .where(_ITEM.c.id == bindparam("item_id"))
    .values({name: bindparam(f"new_{name}", type_=_ITEM.c[name].type) for name in _CHANGING})
)


def lock_items(ids: Sequence[int], *, session: Session) -> list[QueueItem]:
    """Read items that are to be changed; until the transaction ends nobody else changes them."""
    return _read(_BY_ID, ids, session)


def lock_items_of(comment_ids: Sequence[int], *, session: Session) -> list[QueueItem]:
    """Read the items of some comments likewise; not every comment has one."""
    return _read(_BY_COMMENT, comment_ids, session)


def write_items(items: Sequence[QueueItem], *, session: Session) -> None:
    """Write items as they are now."""
    values = [
        {"item_id": item.id, **{f"new_{name}": getattr(item, name) for name in _CHANGING}} for item in items
    ]
    if values:
        session.connection().execute(_WRITE, values)


def shown_texts(comment_ids: Sequence[int], *, session: Session) -> dict[int, ShownText]:
    """Return what verdicts about comments are compared with; comments that are not there are left out."""
    found = session.connection().execute(_TEXTS, {"ids": comment_ids})
    return {number: ShownText(text_hash(text), newer) for number, text, newer in found}


def _read(query: Select[Any], ids: Sequence[int], session: Session) -> list[QueueItem]:
    return [QueueItem(*row) for row in session.connection().execute(query, {"ids": ids})]
