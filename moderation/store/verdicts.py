"""What moderators decided: only ever added, never changed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from moderation.domain import Verdict, VerdictKind
from moderation.store.rows import PAGE
from moderation.store.tables import VerdictRow

_FINAL = [kind for kind in VerdictKind if kind.final]


def text_hash(text: str) -> str:
    """Return what a verdict is bound to: SHA-256 (hex) of the text as its author wrote it."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def add_verdict(comment_id: int, verdict: Verdict, *, session: Session) -> Verdict:
    """Store a verdict; the queue is the caller's business.

    Returns:
        The verdict with its numbers and its time.
    """
    row = VerdictRow(
        uid=verdict.uid,
        comment_id=comment_id,
        kind=verdict.kind,
        by=verdict.by,
        text_hash=verdict.text_hash,
        reason=verdict.reason,
        note=verdict.note,
        undoes=verdict.undoes,
        batch=verdict.batch,
        blind=verdict.blind,
        seconds=verdict.seconds,
        created_at=verdict.created_at or datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    return verdict_of(row)


def verdicts_of(comment_id: int, *, session: Session) -> list[Verdict]:
    """Return every verdict about a comment, oldest first."""
    query = select(VerdictRow).where(col(VerdictRow.comment_id) == comment_id).order_by(col(VerdictRow.id))
    return [verdict_of(row) for row in session.exec(query)]


def standing_verdicts(comment_ids: Sequence[int], *, session: Session) -> dict[int, Verdict]:
    """Return, by comment, the latest approval or rejection that nobody took back; blind ones don't count."""
    query = select(VerdictRow).where(*_standing()).order_by(col(VerdictRow.id))
    return {
        row.comment_id: verdict_of(row)
        for start in range(0, len(comment_ids), PAGE)
        for row in session.exec(
            query.where(col(VerdictRow.comment_id).in_(comment_ids[start : start + PAGE]))
        )
    }


def standing_kinds(first: int, last: int, *, session: Session) -> dict[int, VerdictKind]:
    """Return what the standing verdicts of the comments `first` to `last` say, by comment: see `standing_verdicts`."""
    query = select(col(VerdictRow.comment_id), col(VerdictRow.kind)).where(
        *_standing(), col(VerdictRow.comment_id).between(first, last)
    )
    return dict(session.connection().execute(query.order_by(col(VerdictRow.id))).tuples().all())


def _standing() -> tuple[ColumnElement[bool], ...]:
    undo = aliased(VerdictRow)
    taken_back = select(undo.id).where(col(undo.undoes) == col(VerdictRow.id))
    return col(VerdictRow.kind).in_(_FINAL), col(VerdictRow.blind).is_(False), ~taken_back.exists()


def verdict_of(row: VerdictRow) -> Verdict:
    """Return a stored verdict."""
    return Verdict(
        kind=row.kind,
        by=row.by,
        text_hash=row.text_hash,
        uid=row.uid,
        reason=row.reason,
        note=row.note,
        undoes=row.undoes,
        batch=row.batch,
        blind=row.blind,
        seconds=row.seconds,
        id=row.id,
        comment_id=row.comment_id,
        created_at=row.created_at,
    )
