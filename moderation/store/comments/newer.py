"""Newer decisions about stored comments: added, with the queue in line; the older ones stay as they were."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from moderation.domain import Comment, Decision, StoredDecision
from moderation.store.comments.rows import StoredComment, hit_values, queue_values, stored_comment
from moderation.store.comments.stored import ADD_HIT, LATEST, NOTHING_WATCHED, add_decisions
from moderation.store.queue_order import requeue
from moderation.store.tables.base import Table
from moderation.store.tables.comments import CommentRow


def decide_again(made: Mapping[int, tuple[Comment, Decision]], *, session: Session) -> list[StoredDecision]:
    """Add newer decisions about stored comments, and bring the queue in line; nothing is changed or deleted.

    Args:
        made: the new decisions, each with its comment, by the comment's number.
        session: of a transaction, in which `lock_for_decisions` made sure that nobody else decides.

    Returns:
        The decisions in the same order, with their numbers.
    """
    if not made:
        return []
    now = datetime.now(UTC)
    stored = add_decisions([decision for _, decision in made.values()], list(made), now, session)
    if hits := [hit for decision in stored for hit in hit_values(decision, now, NOTHING_WATCHED)]:
        session.exec(ADD_HIT, params=hits)
    requeue(
        waiting=[
            queue_values(made[decision.comment_id][0], decision, now)
            for decision in stored
            if decision.action.queued
        ],
        settled=[decision.comment_id for decision in stored if not decision.action.queued],
        session=session,
    )
    return stored


def lock_for_decisions(comment_ids: Sequence[int], *, session: Session) -> dict[int, StoredComment]:
    """Return comments by number; until the transaction ends nobody else decides them or gives a verdict.

    Whoever adds a decision or a verdict refers to the comment's row, and so waits for this lock. Items of the
    queue are locked first, as the desk does, so that the two never wait for each other.
    """
    ids = sorted(comment_ids)
    for table, column in (("queue_item", "comment_id"), ("comment", "id")):
        rows = Table.metadata.tables[table].c
        locked = select(rows.id).where(rows[column].in_(ids)).order_by(rows.id).with_for_update()
        session.connection().execute(locked).all()
    return latest_of(ids, session=session)


def latest_of(comment_ids: Sequence[int], *, session: Session) -> dict[int, StoredComment]:
    """Return comments with their latest decisions, by number; at most a page of them."""
    found = session.exec(LATEST.where(col(CommentRow.id).in_(comment_ids)))
    return {stored.id: stored for stored in (stored_comment(*row) for row in found)}
