"""What stands around a comment: its other revisions, its thread, its author's other comments."""

from datetime import datetime

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import Session, col, func, select

from moderation.domain import Action, StoredDecision
from moderation.store.comments.finding import LATEST
from moderation.store.comments.rows import StoredComment, decision_of, stored_comment
from moderation.store.queue_order import HAS_NEWER
from moderation.store.tables.comments import CommentRow, DecisionRow


def revisions_of(comment: StoredComment, *, session: Session) -> list[StoredComment]:
    """Return every revision of a comment, itself included, oldest first."""
    query = LATEST.where(
        col(CommentRow.site) == comment.comment.site,
        col(CommentRow.external_id) == comment.comment.external_id,
    )
    return [stored_comment(*row) for row in session.exec(query.order_by(col(CommentRow.revision)))]


def decisions_about(comment_ids: list[int], *, session: Session) -> list[StoredDecision]:
    """Return every decision about some comments, oldest first."""
    query = (
        select(DecisionRow).where(col(DecisionRow.comment_id).in_(comment_ids)).order_by(col(DecisionRow.id))
    )
    return [decision_of(row) for row in session.exec(query)]


def neighbours_of(comment: StoredComment, *, size: int, session: Session) -> list[StoredComment]:
    """Return up to `size` comments before and after one in its thread, in order of time, itself included."""
    if comment.comment.thread is None:
        return [comment]
    when = tuple_(col(CommentRow.created_at), col(CommentRow.id))
    here = (comment.comment.created_at, comment.id)
    query = LATEST.where(
        col(CommentRow.site) == comment.comment.site,
        col(CommentRow.thread) == comment.comment.thread,
        col(CommentRow.external_id) != comment.comment.external_id,
        ~HAS_NEWER,
    ).limit(size)
    time, number = col(CommentRow.created_at), col(CommentRow.id)
    earlier = session.exec(query.where(when < here).order_by(time.desc(), number.desc())).all()
    later = session.exec(query.where(when > here).order_by(time, number)).all()
    return [
        *(stored_comment(*row) for row in reversed(earlier)),
        comment,
        *(stored_comment(*row) for row in later),
    ]


def comments_of(site: str, author_id: str, *, size: int, session: Session) -> list[StoredComment]:
    """Return the latest comments of an author, newest first, each by its latest revision."""
    query = LATEST.where(*_by_author(site, author_id))
    query = query.order_by(col(CommentRow.created_at).desc(), col(CommentRow.id).desc()).limit(size)
    return [stored_comment(*row) for row in session.exec(query)]


def decided_of(site: str, author_id: str, *, size: int, session: Session) -> dict[int, Action]:
    """Return the latest decision about each of an author's latest comments, by the comment's number."""
    newest = (
        select(func.max(col(DecisionRow.id)))
        .where(col(DecisionRow.comment_id) == col(CommentRow.id))
        .correlate(CommentRow)
        .scalar_subquery()
    )
    query = (
        select(col(CommentRow.id), col(DecisionRow.action))
        .join(DecisionRow, col(DecisionRow.id) == newest)
        .where(*_by_author(site, author_id))
        .order_by(col(CommentRow.created_at).desc(), col(CommentRow.id).desc())
        .limit(size)
    )
    return {number: action for number, action in session.connection().execute(query)}  # noqa: C416


def first_and_count(site: str, author_id: str, *, session: Session) -> tuple[datetime | None, int]:
    """Return when an author first wrote, and how many comments of theirs are stored."""
    query = select(func.min(col(CommentRow.created_at)), func.count()).where(*_by_author(site, author_id))
    first, count = session.exec(query).one()
    return first, count


def _by_author(site: str, author_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(CommentRow.site) == site, col(CommentRow.author_id) == author_id, ~HAS_NEWER
