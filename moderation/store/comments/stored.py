"""Comments with their latest decisions: stored together, found by key, by number, or all in turn."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import bindparam
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, insert, select
from sqlmodel.sql.expression import Select

from moderation.domain import Decision, StoredDecision
from moderation.errors import CommentNotFoundError
from moderation.store.comments.rows import (
    PAGE,
    CommentKey,
    NewRow,
    StoredComment,
    comment_values,
    decision_values,
    hit_values,
    key_of,
    numbered,
    pages,
    queue_values,
    stored_comment,
)
from moderation.store.database.errors import AlreadyStoredError, lost_race
from moderation.store.database.store import Store
from moderation.store.queue_order import withdraw_older
from moderation.store.tables.base import Table
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
NOTHING_WATCHED: Mapping[str, int] = MappingProxyType({})
_ADD_COMMENT = insert(Table.metadata.tables["comment"]).returning(
    col(CommentRow.site), col(CommentRow.external_id), col(CommentRow.revision), col(CommentRow.id)
)
_ADD_DECISION = insert(Table.metadata.tables["decision"]).returning(
    col(DecisionRow.comment_id), col(DecisionRow.id)
)
_ADD_QUEUE_ITEM = insert(Table.metadata.tables["queue_item"])
ADD_HIT = insert(Table.metadata.tables["rule_hit"])


def add_all(
    rows: Sequence[NewRow], *, watched: Mapping[str, int] = NOTHING_WATCHED, session: Session
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
    decisions = add_decisions([row.decision for row in rows], comment_ids, now, session)
    if hits := [hit for decision in decisions for hit in hit_values(decision, now, watched)]:
        session.exec(ADD_HIT, params=hits)
    queued = [pair for pair in zip(rows, decisions, strict=True) if pair[1].action.queued]
    if items := [queue_values(row.comment, decision, now) for row, decision in queued]:
        session.exec(_ADD_QUEUE_ITEM, params=items)
    if edited := [row.comment for row in rows if row.comment.is_edited]:
        withdraw_older(edited, session=session)
    return decisions


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


def get(reference: str | int, *, site: str | None = None, session: Session) -> StoredComment | None:
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


def add_decisions(
    decisions: Sequence[Decision], comment_ids: Sequence[int], now: datetime, session: Session
) -> list[StoredDecision]:
    """Store decisions about stored comments; return them with their numbers."""
    pairs = list(zip(decisions, comment_ids, strict=True))
    values = [decision_values(decision, comment_id, now) for decision, comment_id in pairs]
    numbers = {comment_id: number for comment_id, number in session.exec(_ADD_DECISION, params=values)}  # noqa: C416
    return [numbered(decision, numbers[number], number, now) for decision, number in pairs]
