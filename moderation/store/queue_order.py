"""What waits for a moderator, and in which order."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, case, exists, insert, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from moderation.domain import Comment, Decision, StoredDecision
from moderation.store.tables.base import Table
from moderation.store.tables.comments import CommentRow
from moderation.store.tables.queue import QueueItemRow, QueueStatus, thread_key

PENDING = text("queue_item.status = 'pending'")
"""Written out, not a parameter: only so can a database know that a partial index holds what is asked for."""

ESCALATED = 10.0
"""What escalation adds to an item's priority: more than anything else does."""

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
_CHANGED: Mapping[str, Any] = {"version": _ITEM.c.version + 1, "leased_by": None, "leased_until": None}
_REWRITTEN = {"decision_id", "action", "priority", "status", "language", "rule", "score"}
_RAISED = case((_ITEM.c.escalated, ESCALATED), else_=0.0)
_OPEN_REVIEWS = (
    select(func.count()).select_from(_ITEM).where(text("queue_item.status = 'pending' AND queue_item.blind"))
)


def priority(decision: Decision) -> float:
    """Tell how urgent a decision's comment is: holds before flags, and in each the highest score first."""
    return decision.action.strength + max(decision.scores.values(), default=0.0) / 2


def queue_values(comment: Comment, decision: StoredDecision, created_at: datetime) -> dict[str, Any]:
    """Return the columns of the queue item for a stored decision."""
    return {
        "comment_id": decision.comment_id,
        "decision_id": decision.id,
        "action": decision.action,
        "priority": priority(decision),
        "status": QueueStatus.PENDING,
        "version": 1,
        "created_at": created_at,
        "site": comment.site,
        "thread_key": None if comment.thread is None else thread_key(comment.thread),
        "language": decision.language.code,
        "rule": decision.reasons[0].rule if decision.reasons else "",
        "score": max(decision.scores.values(), default=None),
    }


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


def requeue(*, waiting: Sequence[Mapping[str, Any]], settled: Sequence[int], session: Session) -> None:
    """Bring the queue in line with newer decisions about comments that no moderator has decided.

    Args:
        waiting: columns of an item for each comment that a moderator has to see now. An older revision of a
            comment stays out: its newer one waits instead. What was escalated stays so, and as urgent.
        settled: numbers of comments that need no moderator any more; they leave the queue if they wait in it.
        session: of a transaction that holds the comments, see `lock_for_decisions`.
    """
    connection = session.connection()
    if settled:
        out = update(_ITEM).where(PENDING, _ITEM.c.blind.is_(False), _ITEM.c.comment_id.in_(settled))
        values = {"status": QueueStatus.WITHDRAWN, "settled_at": datetime.now(UTC)}
        connection.execute(out.values(**values, **_CHANGED))
    wanted = {values["comment_id"]: values for values in waiting}
    outdated = select(CommentRow.id).where(col(CommentRow.id).in_(wanted), HAS_NEWER)
    there = select(_ITEM.c.comment_id).where(_ITEM.c.comment_id.in_(wanted))
    old = set(connection.execute(outdated).scalars())
    again = set(connection.execute(there).scalars())
    for number in again - old:
        values = {name: value for name, value in wanted[number].items() if name in _REWRITTEN}
        values["priority"] += _RAISED  # in the statement: only the item knows whether it was escalated
        back = update(_ITEM).where(_ITEM.c.comment_id == number)
        connection.execute(back.values(**values, settled_at=None, **_CHANGED))
    if new := [values for number, values in wanted.items() if number not in again | old]:
        connection.execute(insert(_ITEM), new)


def open_reviews(*, session: Session) -> int:
    """Count the comments that wait for a second opinion."""
    return session.connection().execute(_OPEN_REVIEWS).scalar_one()
