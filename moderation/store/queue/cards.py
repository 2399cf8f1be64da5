"""Queue items with their comments, as moderators are shown them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, tuple_
from sqlmodel import Session, col, func, select

from moderation.domain import StoredDecision, StoredVerdict
from moderation.store.comments.rows import StoredComment, stored_comment
from moderation.store.queue.filters import QueueFilter, filter_conditions
from moderation.store.queue_order import HAS_NEWER, PENDING
from moderation.store.tables.base import Table
from moderation.store.tables.comments import CommentRow, DecisionRow
from moderation.store.tables.queue import QueueItemRow
from moderation.store.verdicts.verdict_log import text_hash, verdicts_about

_ITEM = Table.metadata.tables["queue_item"]


@dataclass(frozen=True, slots=True)
class QueueCard:
    """A queued comment, with everything that a moderator decides by.

    Attributes:
        item: number of the queue item; a verdict names it.
        version: one more with each change of the item; a verdict names it.
        comment: the comment with its latest decision: reasons, scores, language, checks with their outcomes.
        text_hash: what a verdict is bound to, see `moderation.store.text_hash`.
        priority: higher first.
        queued_at: since when it waits, UTC.
        leased_by: name of the moderator who took it last.
        leased_until: until when it is theirs alone, UTC; `None` if nobody took it.
        escalated: whether a moderator asked for somebody with more say.
        blind: whether this is a second opinion on a comment that somebody else has decided: it changes nothing.
        verdicts: earlier verdicts, oldest first; none are shown to a blind reviewer.
        newer: whether the author has changed the text since; moderators are not given such cards.
    """

    item: int
    version: int
    comment: StoredComment
    text_hash: str
    priority: float
    queued_at: datetime
    leased_by: str | None = None
    leased_until: datetime | None = None
    escalated: bool = False
    blind: bool = False
    verdicts: tuple[StoredVerdict, ...] = ()
    newer: bool = False

    @property
    def decision(self) -> StoredDecision:
        """What the rules decided."""
        return self.comment.decision


def page_of_items(
    wanted: QueueFilter, now: datetime, *, after: tuple[float, int] | None, size: int, session: Session
) -> list[int]:
    """Return a page of what waits, most urgent first; second opinions are left out."""
    which = and_(PENDING, _ITEM.c.blind.is_(False), *filter_conditions(wanted, now, session))
    if after is not None:
        which = and_(which, tuple_(_ITEM.c.priority, _ITEM.c.id) < after)
    query = select(_ITEM.c.id).where(which).order_by(_ITEM.c.priority.desc(), _ITEM.c.id.desc()).limit(size)
    return [item for (item,) in session.connection().execute(query)]


def count_items(wanted: QueueFilter, *, as_of: datetime, session: Session) -> int:
    """Count what waits and was queued by then; second opinions are left out."""
    which = and_(
        PENDING,
        _ITEM.c.blind.is_(False),
        _ITEM.c.created_at <= as_of,
        *filter_conditions(wanted, as_of, session),
    )
    return session.connection().execute(select(func.count()).select_from(_ITEM).where(which)).scalar_one()


def load_cards(items: Sequence[int], *, session: Session) -> list[QueueCard]:
    """Return the cards of items that wait, in the order given."""
    query = (
        select(QueueItemRow, CommentRow, DecisionRow, HAS_NEWER)
        .join(CommentRow, col(CommentRow.id) == col(QueueItemRow.comment_id))
        .join(DecisionRow, col(DecisionRow.id) == col(QueueItemRow.decision_id))
        .where(PENDING, col(QueueItemRow.id).in_(items))
    )
    rows = session.exec(query).all()
    about = verdicts_about([item.comment_id for item, *_ in rows], session=session)
    cards = {row[0].id: _card(*row, about.get(row[0].comment_id, ())) for row in rows}
    return [cards[item] for item in items if item in cards]


def _card(
    item: QueueItemRow,
    comment: CommentRow,
    decision: DecisionRow,
    newer: bool,  # noqa: FBT001 - a column of the row
    verdicts: tuple[StoredVerdict, ...],
) -> QueueCard:
    return QueueCard(
        item=item.id,
        version=item.version,
        comment=stored_comment(comment, decision),
        text_hash=text_hash(comment.text),
        priority=item.priority,
        queued_at=item.created_at,
        leased_by=item.leased_by,
        leased_until=item.leased_until,
        escalated=item.escalated,
        blind=item.blind,
        verdicts=() if item.blind else verdicts,
        newer=newer,
    )
