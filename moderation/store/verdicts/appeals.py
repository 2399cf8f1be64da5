"""Authors' objections, and what moderators answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, select

from moderation.domain import AppealAnswer
from moderation.store.tables.verdicts import OPEN_APPEAL, AppealRow


@dataclass(frozen=True, slots=True)
class Appeal:
    """An author's objection to a decision.

    Attributes:
        id: number of the appeal.
        comment_id: number of the comment.
        message: what the author wrote: as hostile as a comment's text.
        created_at: when, UTC.
        answer: `None` while it is open.
        answered_by: who answered; never who had decided.
        answered_at: when, UTC.
        note: for colleagues.
    """

    id: int
    comment_id: int
    message: str
    created_at: datetime
    answer: AppealAnswer | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    note: str = ""


def add_appeal(comment_id: int, message: str, now: datetime, *, session: Session) -> Appeal | None:
    """Store an appeal; `None` if one about this comment is open already."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(AppealRow)
        .values(comment_id=comment_id, message=message, created_at=now, note="")
        .on_conflict_do_nothing(index_elements=["comment_id"], index_where=OPEN_APPEAL)
        .returning(col(AppealRow.id))
    )
    number = session.connection().execute(statement).scalar()
    return None if number is None else Appeal(number, comment_id, message, now)


def write_answer(
    appeal_id: int, given: AppealAnswer, *, by: str, note: str, now: datetime, session: Session
) -> Appeal | None:
    """Answer an appeal; `None` if it isn't open."""
    statement = (
        update(AppealRow)
        .where(col(AppealRow.id) == appeal_id, col(AppealRow.answered_at).is_(None))
        .values(answer=given, answered_by=by, answered_at=now, note=note)
        .returning(AppealRow)
    )
    row = session.execute(statement).scalar()
    return _appeal(row) if row else None


def list_appeals(*, answered: bool, before: int | None, size: int, session: Session) -> list[Appeal]:
    """Return a page of appeals: open ones oldest first, answered ones newest first."""
    number = col(AppealRow.id)
    is_open = col(AppealRow.answered_at).is_(None)
    query = select(AppealRow).where(~is_open if answered else is_open).limit(size)
    query = query.order_by(number.desc() if answered else number)
    if before is not None:
        query = query.where(number < before if answered else number > before)
    return [_appeal(row) for row in session.exec(query)]


def appeals_about(comment_ids: Sequence[int], *, session: Session) -> list[Appeal]:
    """Return the appeals about some comments, oldest first."""
    return _found(col(AppealRow.comment_id).in_(comment_ids), session)


def find_appeal(appeal_id: int, *, session: Session) -> Appeal | None:
    """Return an appeal by its number."""
    found = _found(col(AppealRow.id) == appeal_id, session)
    return found[0] if found else None


def open_appeals(*, session: Session) -> int:
    """Count the appeals that wait for an answer."""
    query = select(func.count()).select_from(AppealRow).where(OPEN_APPEAL)
    return session.exec(query).one()


def _found(which: ColumnElement[bool], session: Session) -> list[Appeal]:
    query = select(AppealRow).where(which).order_by(col(AppealRow.id))
    return [_appeal(row) for row in session.exec(query)]


def _appeal(row: AppealRow) -> Appeal:
    return Appeal(
        id=row.id,
        comment_id=row.comment_id,
        message=row.message,
        created_at=row.created_at,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        note=row.note,
    )
