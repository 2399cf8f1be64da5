"""What was said before."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, case, func, select
from sqlmodel import Session, col

from moderation.domain import Repeats
from moderation.store.database.exact import ExactText
from moderation.store.tables.comments import CommentRow


@cache
def _repeats(windows: int, *, bounded: bool) -> Executable:
    """Count by author and in the thread, window by window, in one walk along the widest.

    Built once for each number of windows: it is asked before each comment.
    """
    query = select(*(count for number in range(windows) for count in _within(number))).where(
        col(CommentRow.site) == bindparam("site"),
        col(CommentRow.text_key) == bindparam("text_key"),
        col(CommentRow.created_at) > bindparam("since"),
        col(CommentRow.created_at) <= bindparam("until"),
        col(CommentRow.external_id) != bindparam("exclude"),
    )
    return query.where(col(CommentRow.id) < bindparam("before")) if bounded else query


def _within(window: int) -> Iterator[ColumnElement[int]]:
    """Count the comments of a window by the same author and in the same thread; NULL is the same as nothing."""
    late = col(CommentRow.created_at) > bindparam(f"since_{window}")
    for column, name in ((CommentRow.author_id, "author_id"), (CommentRow.thread, "thread")):
        same = col(column) == bindparam(name, type_=ExactText)
        yield func.count(case((and_(same, late), col(CommentRow.external_id))).distinct())


def repeats(
    site: str,
    text_key: str,
    *,
    author_id: str | None,
    thread: str | None,
    since: Sequence[datetime],
    until: datetime,
    exclude_external_id: str | None,
    before: int | None = None,
    session: Session,
) -> list[Repeats]:
    """Count comments of a site with the same text key, created after each `since` and up to `until`.

    All revisions of a comment count once; of the comment that asks (`exclude_external_id`) none counts.
    An author or thread of `None` is unknown, and no other is the same. With `before`, only comments with a
    lower number count: those that were stored when the comment of that number came in.
    """
    asked: dict[str, Any] = {
        "site": site,
        "text_key": text_key,
        "author_id": author_id,
        "thread": thread,
        "since": min(since),
        "until": until,
        "exclude": exclude_external_id or "",  # no stored id is empty
    }
    asked |= {f"since_{number}": start for number, start in enumerate(since)}
    if before is not None:
        asked["before"] = before
    query = _repeats(len(since), bounded=before is not None)
    # by the connection: the ORM's way to a few numbers takes twice as long
    counts = iter(session.connection().execute(query, asked).one())
    return [Repeats(author, thread) for author, thread in zip(counts, counts, strict=True)]
