"""What was said before."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, case, col, func, select

from moderation.domain import Repeats
from moderation.store.exact import ExactText
from moderation.store.tables import CommentRow


def _count(column: str | None, name: str) -> ColumnElement[int]:
    """Count comments where the column is the same; NULL is the same as nothing."""
    same = col(column) == bindparam(name, type_=ExactText)
    return func.count(case((same, col(CommentRow.external_id))).distinct())


_REPEATS = select(_count(CommentRow.author_id, "author_id"), _count(CommentRow.thread, "thread")).where(
    col(CommentRow.site) == bindparam("site"),
    col(CommentRow.text_key) == bindparam("text_key"),
    col(CommentRow.created_at) > bindparam("since"),
    col(CommentRow.created_at) <= bindparam("until"),
    col(CommentRow.external_id) != bindparam("exclude"),
)
"""Built once: it is asked before each comment."""

_REPEATS_BEFORE = _REPEATS.where(col(CommentRow.id) < bindparam("before"))


def repeats(
    site: str,
    text_key: str,
    *,
    author_id: str | None,
    thread: str | None,
    since: datetime,
    until: datetime,
    exclude_external_id: str | None,
    before: int | None = None,
    session: Session,
) -> Repeats:
    """Count comments of a site with the same text key, created after `since` and up to `until`.

    All revisions of a comment count once; of the comment that asks (`exclude_external_id`) none counts.
    An author or thread of `None` is unknown, and no other is the same. With `before`, only comments with a
    lower number count: those that were stored when the comment of that number came in.
    """
    asked: dict[str, Any] = {
        "site": site,
        "text_key": text_key,
        "author_id": author_id,
        "thread": thread,
        "since": since,
        "until": until,
        "exclude": exclude_external_id or "",  # no stored id is empty
    }
    query = _REPEATS
    if before is not None:
        query, asked["before"] = _REPEATS_BEFORE, before
    # by the connection: the ORM's way to two numbers takes twice as long
    return Repeats(*session.connection().execute(query, asked).one())
