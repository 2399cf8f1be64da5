"""Finding comments by a part of their text: page by page, each in bounded time."""

from dataclasses import dataclass
from itertools import islice
from unicodedata import normalize

from sqlalchemy import func, select
from sqlmodel import Session

from moderation.errors import CommentNotFoundError
from moderation.store.comments.finding import get_comment, latest_of
from moderation.store.comments.rows import PAGE, StoredComment
from moderation.store.tables.base import Table

WINDOW = 50_000
"""Comments that one page looks through at most."""

_COMMENT = Table.metadata.tables["comment"].c


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


def search_comments(
    text: str, *, site: str | None, before: int | None, size: int, session: Session
) -> SearchPage:
    """Find comments by number, by external id, or by a part of their text; see `Desk.search`."""
    named = _named(text, site, session) if before is None and text else ()
    upper = before if before is not None else _newest(session) + 1
    lower = max(upper - WINDOW, 1)
    numbers = _matching(_folded(text), range(lower, upper), site, size, session)
    stored: dict[int, StoredComment] = {}
    for start in range(0, len(numbers), PAGE):
        stored |= latest_of(numbers[start : start + PAGE], session=session)
    last = numbers[-1] if len(numbers) == size else lower
    known = {item.id for item in named}
    others = [stored[number] for number in numbers if number not in known]
    return SearchPage((*named, *others), last if last > 1 else None)


def _newest(session: Session) -> int:
    newest: int = session.connection().execute(select(func.coalesce(func.max(_COMMENT.id), 0))).scalar_one()
    return newest


def _matching(wanted: str, among: range, site: str | None, size: int, session: Session) -> list[int]:
    """Return the numbers of the newest comments whose text holds what is wanted.

    Texts are compared here: SQLite folds the case of ASCII alone, PostgreSQL as its locale says, and no
    database finds `GRÖSSE` in `Größe`.
    """
    query = select(_COMMENT.id, _COMMENT.text).where(_COMMENT.id < among.stop, _COMMENT.id >= among.start)
    if site is not None:
        query = query.where(_COMMENT.site == site)
    query = query.order_by(_COMMENT.id.desc()).execution_options(yield_per=PAGE)
    with session.connection().execute(query) as rows:
        return list(islice((found for found, text in rows if wanted in _folded(text)), size))


def _folded(text: str) -> str:
    """Return what texts have in common that differ in case alone, or in how accents are written.

    Letters are put together again at the end: `e` is no part of `é`, and `고` none of `공`.
    """
    return text.lower() if text.isascii() else normalize("NFC", normalize("NFD", text).casefold())


def _named(text: str, site: str | None, session: Session) -> tuple[StoredComment, ...]:
    try:
        found = get_comment(text.strip(), site=site, session=session)
    except CommentNotFoundError:  # several sites have that id: the text search goes on
        return ()
    return (found,) if found else ()
