"""What waits for a moderator, and in which order."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, exists, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from moderation.domain import Comment, Decision
from moderation.store.tables import CommentRow, QueueItemRow, QueueStatus, Table

PENDING = text("queue_item.status = 'pending'")
"""Written out, not a parameter: only so can a database know that a partial index holds what is asked for."""

_ITEM = Table.metadata.tables["queue_item"]
_newer = aliased(CommentRow)
HAS_NEWER = exists().where(
    col(_newer.site) == col(CommentRow.site),
    col(_newer.external_id) == col(CommentRow.external_id),
    col(_newer.revision) > col(CommentRow.revision),
)
_WITHDRAW_OLDER = (
    update(_ITEM)
    .where(
        PENDING,
        _ITEM.c.comment_id.in_(
            select(CommentRow.id).where(
                col(CommentRow.site) == bindparam("of_site"),
                col(CommentRow.external_id) == bindparam("of_external_id"),
                HAS_NEWER,
            )
        ),
    )
    .values(
        status=QueueStatus.WITHDRAWN,
        version=_ITEM.c.version + 1,
        leased_by=None,
        leased_until=None,
        settled_at=bindparam("now", type_=_ITEM.c.settled_at.type),
    )
)
_OPEN_REVIEWS = (
    select(func.count()).select_from(_ITEM).where(text("queue_item.status = 'pending' AND queue_item.blind"))
)


def priority(decision: Decision) -> float:
    """Tell how urgent a decision's comment is: holds before flags, and in each the highest score first."""
    return decision.action.strength + max(decision.scores.values(), default=0.0) / 2


def pending_count(*, session: Session) -> int:
    """Count the comments that wait for a moderator; second opinions don't count."""
    query = select(func.count()).select_from(QueueItemRow).where(PENDING, col(QueueItemRow.blind).is_(False))
    return session.exec(query).one()


def withdraw_older(comments: Sequence[Comment], *, session: Session) -> None:
    """Take older revisions of comments out of the queue: what their authors changed needs no verdict."""
    now = datetime.now(UTC)
    keys = [
        {"of_site": comment.site, "of_external_id": comment.external_id, "now": now} for comment in comments
    ]
    session.connection().execute(_WITHDRAW_OLDER, keys)


def open_reviews(*, session: Session) -> int:
    """Count the comments that wait for a second opinion."""
    return session.connection().execute(_OPEN_REVIEWS).scalar_one()
