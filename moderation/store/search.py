"""Finding comments by a part of their text: page by page, each in bounded time."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from moderation.errors import CommentNotFoundError
from moderation.store.comments import LATEST, get
from moderation.store.rows import StoredComment, stored_comment
from moderation.store.tables import CommentRow

WINDOW = 50_000
"""Comments that one page looks through at most."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some of what a search found.

    Attributes:
        comments: newest first.
        before: the next page's `before`; `None` when everything was searched. A page may hold few comments
            or none and still have a next one: each looks through a bounded number of comments.
    """

    comments: tuple[StoredComment, ...]
    before: int | None


def search(text: str, *, site: str | None, before: int | None, size: int, session: Session) -> SearchPage:
    """Find comments by number, by external id, or by a part of their text; see `Desk.search`."""
    named = _named(text, site, session) if before is None and text else ()
    upper = (
        before if before is not None else (session.exec(select(func.max(col(CommentRow.id)))).one() or 0) + 1
    )
    lower = max(upper - WINDOW, 1)
    number = col(CommentRow.id)
    query = LATEST.where(number < upper, number >= lower)
    if text:
        query = query.where(col(CommentRow.text).icontains(text, autoescape=True))
    if site is not None:
        query = query.where(col(CommentRow.site) == site)
    rows = session.exec(query.order_by(number.desc()).limit(size)).all()
    found = [stored_comment(*row) for row in rows]
    last = found[-1].id if len(found) == size else lower
    others = [item for item in found if item.id not in {other.id for other in named}]
    return SearchPage((*named, *others), last if last > 1 else None)


def _named(text: str, site: str | None, session: Session) -> tuple[StoredComment, ...]:
    try:
        found = get(text.strip(), site=site, session=session)
    except CommentNotFoundError:  # several sites have that id: the text search goes on
        return ()
    return (found,) if found else ()
