"""Comments stored with their decisions, and newer decisions about them: added, and nothing is ever changed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, insert, select

from moderation.domain import Comment, Decision, StoredDecision
from moderation.store.comments.finding import latest_of
from moderation.store.comments.rows import (
    CommentKey,
    NewRow,
    StoredComment,
    comment_values,
    decision_values,
    hit_values,
    key_of,
    numbered,
)
from moderation.store.database.errors import AlreadyStoredError, lost_race
from moderation.store.queue_order import queue_values, requeue, withdraw_older
from moderation.store.tables.base import Table
from moderation.store.tables.comments import CommentRow, DecisionRow

_NOTHING_WATCHED: Mapping[str, int] = MappingProxyType({})
_ADD_COMMENT = insert(Table.metadata.tables["comment"]).returning(
    col(CommentRow.site), col(CommentRow.external_id), col(CommentRow.revision), col(CommentRow.id)
)
_ADD_DECISION = insert(Table.metadata.tables["decision"]).returning(
    col(DecisionRow.comment_id), col(DecisionRow.id)
)
_ADD_QUEUE_ITEM = insert(Table.metadata.tables["queue_item"])
_ADD_HIT = insert(Table.metadata.tables["rule_hit"])


def add_all(
    rows: Sequence[NewRow], *, watched: Mapping[str, int] = _NOTHING_WATCHED, session: Session
) -> list[StoredDecision]:
    """Store comments with their decisions, and queue those that a moderator has to see.

    The comments passed `check_storable`, the rulesets of the decisions are stored before
    (`remember_ruleset`), and no two comments have the same key. After an error the transaction can only
    be rolled back.

    Args:
        rows: what to store.
        watched: rules that the brake watches, each with the number of its version.
        session: of a transaction.

    Returns:
        The decisions in the same order, with their numbers.

    Raises:
        AlreadyStoredError: somebody else stored one of the comments first.
    """
    if not rows:
        return []
    now = datetime.now(UTC)
    comment_ids = _add_comments(rows, now, session)
    decisions = _add_decisions([row.decision for row in rows], comment_ids, now, session)
    if hits := [hit for decision in decisions for hit in hit_values(decision, now, watched)]:
        session.exec(_ADD_HIT, params=hits)
    queued = [pair for pair in zip(rows, decisions, strict=True) if pair[1].action.queued]
    if items := [queue_values(row.comment, decision, now) for row, decision in queued]:
        session.exec(_ADD_QUEUE_ITEM, params=items)
    if edited := [row.comment for row in rows if row.comment.is_edited]:
        withdraw_older(edited, session=session)
    return decisions


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
    stored = _add_decisions([decision for _, decision in made.values()], list(made), now, session)
    if hits := [hit for decision in stored for hit in hit_values(decision, now, _NOTHING_WATCHED)]:
        session.exec(_ADD_HIT, params=hits)
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


def _add_comments(rows: Sequence[NewRow], now: datetime, session: Session) -> list[int]:
    values = [comment_values(row, now) for row in rows]
    try:
        added = session.exec(_ADD_COMMENT, params=values)
    except DBAPIError as error:
        if lost_race(error):
            raise AlreadyStoredError from None
        raise
    numbers = {CommentKey(*key): number for *key, number in added}
    return [numbers[key_of(row.comment)] for row in rows]


def _add_decisions(
    decisions: Sequence[Decision], comment_ids: Sequence[int], now: datetime, session: Session
) -> list[StoredDecision]:
    """Store decisions about stored comments; return them with their numbers."""
    pairs = list(zip(decisions, comment_ids, strict=True))
    values = [decision_values(decision, comment_id, now) for decision, comment_id in pairs]
    numbers = {comment_id: number for comment_id, number in session.exec(_ADD_DECISION, params=values)}  # noqa: C416
    return [numbered(decision, numbers[number], number, now) for decision, number in pairs]
