"""Stored comments with their latest decisions: found by key, by number, or all in turn."""

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from moderation.errors import CommentNotFoundError
from moderation.store.comments.rows import PAGE, CommentKey, StoredComment, key_of, pages, stored_comment
from moderation.store.database.store import Store
from moderation.store.tables.comments import CommentRow, DecisionRow


def _latest() -> Select[CommentRow, DecisionRow]:
    newest = select(func.max(col(DecisionRow.id))).where(col(DecisionRow.comment_id) == col(CommentRow.id))
    return (
        select(CommentRow, DecisionRow)
        .join(DecisionRow, col(DecisionRow.comment_id) == col(CommentRow.id))
        .where(col(DecisionRow.id) == newest.correlate(CommentRow).scalar_subquery())
    )


LATEST = _latest()
"""Every comment with its latest decision."""

_BY_EXTERNAL_ID = LATEST.where(
    col(CommentRow.site) == bindparam("site"),
    col(CommentRow.external_id).in_(bindparam("external_ids", expanding=True)),
)


def find_stored(keys: Sequence[CommentKey], *, session: Session) -> dict[CommentKey, StoredComment]:
    """Return those of the comments that are stored."""
    wanted = set(keys)
    found = (
        stored_comment(*row)
        for site in {key.site for key in keys}
        for page in pages([key.external_id for key in keys if key.site == site])
        for row in session.exec(_BY_EXTERNAL_ID, params={"site": site, "external_ids": page})
    )
    by_key = {key_of(item.comment): item for item in found}
    return {key: item for key, item in by_key.items() if key in wanted}


def get_comment(reference: str | int, *, site: str | None = None, session: Session) -> StoredComment | None:
    """Find a comment by its number or by the comment system's own id (then its latest revision).

    A reference that could be either is a number, unless the site is given.

    Raises:
        CommentNotFoundError: several sites have a comment of that id.
    """
    if site is None and (number := _as_number(reference)) is not None:
        row = session.exec(LATEST.where(col(CommentRow.id) == number)).first()
        if row:
            return stored_comment(*row)
    query = LATEST.where(col(CommentRow.external_id) == str(reference))
    if site is not None:
        query = query.where(col(CommentRow.site) == site)
    rows = session.exec(query.order_by(col(CommentRow.revision).desc())).all()
    if len({comment.site for comment, _ in rows}) > 1:
        raise CommentNotFoundError(
            f"several sites have a comment {str(reference)!r}", hint="say which site, or give its number"
        )
    return stored_comment(*rows[0]) if rows else None


def by_number(comment_id: int, *, session: Session) -> StoredComment | None:
    """Return a comment by its number."""
    row = session.exec(LATEST.where(col(CommentRow.id) == comment_id)).first()
    return stored_comment(*row) if row else None


def latest_of(comment_ids: Sequence[int], *, session: Session) -> dict[int, StoredComment]:
    """Return comments with their latest decisions, by number; at most a page of them."""
    found = session.exec(LATEST.where(col(CommentRow.id).in_(comment_ids)))
    return {stored.id: stored for stored in (stored_comment(*row) for row in found)}


def iterate(store: Store, *, site: str | None = None) -> Iterator[StoredComment]:
    """Go through all comments in the order they were stored, however many, in bounded memory.

    Each page is read for itself, so a long export neither holds up others nor shows one moment:
    comments that are stored meanwhile come too.

    Raises:
        StoreError: the database can't be used.
    """
    query = LATEST if site is None else LATEST.where(col(CommentRow.site) == site)
    query = query.order_by(col(CommentRow.id)).limit(PAGE)
    last = 0
    while True:
        with store.reading() as session:
            page = [stored_comment(*row) for row in session.exec(query.where(col(CommentRow.id) > last))]
        if not page:
            return
        yield from page
        last = page[-1].id


def _as_number(reference: str | int) -> int | None:
    try:
        number = int(reference)
    except ValueError:
        return None
    return number if 0 < number < 2**63 else None
