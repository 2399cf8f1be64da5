"""What moderators decided: only ever added, never changed."""

from collections.abc import Sequence
from dataclasses import fields
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, insert
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from moderation.domain import StoredVerdict, Verdict, VerdictKind
from moderation.store.comments.rows import PAGE
from moderation.store.tables.base import Table
from moderation.store.tables.verdicts import VerdictRow

_undo = aliased(VerdictRow)
_TAKEN_BACK = exists().where(col(_undo.undoes) == col(VerdictRow.id))
_COLUMNS = [field.name for field in fields(Verdict)]
# read by the connection: the ORM takes twice as long, and each verdict asks
_ALL = Table.metadata.tables["verdict"].select()
_BY_UID = _ALL.where(col(VerdictRow.uid).in_(bindparam("uids", expanding=True)))
_ADD = insert(Table.metadata.tables["verdict"]).returning(col(VerdictRow.uid), col(VerdictRow.id))
_FINAL = [kind for kind in VerdictKind if kind.final]
_STANDING = (col(VerdictRow.kind).in_(_FINAL), col(VerdictRow.blind).is_(False), ~_TAKEN_BACK)


def text_hash(text: str) -> str:
    """Return what a verdict is bound to: SHA-256 (hex) of the text as its author wrote it."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def add_verdicts(verdicts: Sequence[Verdict], *, session: Session) -> list[StoredVerdict]:
    """Store verdicts; the queue is the caller's business.

    Returns:
        The verdicts in the same order, with their numbers.
    """
    if not verdicts:
        return []
    rows = [{name: getattr(verdict, name) for name in _COLUMNS} for verdict in verdicts]
    numbers = {uid: number for uid, number in session.connection().execute(_ADD, rows)}  # noqa: C416
    return [StoredVerdict(**row, id=numbers[row["uid"]]) for row in rows]


def verdicts_by_uid(uids: Sequence[str], *, session: Session) -> dict[str, StoredVerdict]:
    """Return those of some verdicts that are stored."""
    rows = session.connection().execute(_BY_UID, {"uids": uids})
    return {row.uid: verdict_of(row) for row in rows}


def verdicts_by_id(numbers: Sequence[int], *, session: Session) -> list[StoredVerdict]:
    """Return verdicts by their numbers; those that are not there are left out."""
    return _found(col(VerdictRow.id).in_(numbers), session)


def batch_of(batch: str, *, session: Session) -> list[StoredVerdict]:
    """Return the verdicts that were made together, oldest first."""
    return _found(col(VerdictRow.batch) == batch, session)


def last_verdict_by(name: str, *, session: Session) -> StoredVerdict | None:
    """Return the latest verdict of a moderator that nobody took back, of any kind but `undo`."""
    query = (
        select(VerdictRow)
        .where(col(VerdictRow.by) == name, col(VerdictRow.kind) != VerdictKind.UNDO, ~_TAKEN_BACK)
        .order_by(col(VerdictRow.created_at).desc(), col(VerdictRow.id).desc())
        .limit(1)
    )
    row = session.exec(query).first()
    return verdict_of(row) if row else None


def effective_verdicts(comment_ids: Sequence[int], *, session: Session) -> dict[int, StoredVerdict]:
    """Return, by comment, the latest verdict that changed something and that nobody took back."""
    kinds = [VerdictKind.APPROVE, VerdictKind.REJECT, VerdictKind.ESCALATE]
    found = _found(
        col(VerdictRow.comment_id).in_(comment_ids)
        & col(VerdictRow.kind).in_(kinds)
        & col(VerdictRow.blind).is_(False)
        & ~_TAKEN_BACK,
        session,
    )
    return {verdict.comment_id: verdict for verdict in found}


def taken_back(numbers: Sequence[int], *, session: Session) -> dict[int, StoredVerdict]:
    """Return, by the numbers of verdicts that were taken back, the verdicts that did it."""
    return {
        verdict.undoes: verdict
        for verdict in _found(col(VerdictRow.undoes).in_(numbers), session)
        if verdict.undoes
    }


def verdicts_of(comment_id: int, *, session: Session) -> list[StoredVerdict]:
    """Return every verdict about a comment, oldest first."""
    return _found(col(VerdictRow.comment_id) == comment_id, session)


def verdicts_about(comment_ids: Sequence[int], *, session: Session) -> dict[int, tuple[StoredVerdict, ...]]:
    """Return every verdict about some comments, by comment, oldest first."""
    about: dict[int, list[StoredVerdict]] = {}
    for verdict in _found(col(VerdictRow.comment_id).in_(comment_ids), session):
        about.setdefault(verdict.comment_id, []).append(verdict)
    return {number: tuple(found) for number, found in about.items()}


def standing_verdicts(comment_ids: Sequence[int], *, session: Session) -> dict[int, StoredVerdict]:
    """Return, by comment, the latest approval or rejection that nobody took back; blind ones don't count."""
    query = select(VerdictRow).where(*_STANDING).order_by(col(VerdictRow.id))
    return {
        row.comment_id: verdict_of(row)
        for start in range(0, len(comment_ids), PAGE)
        for row in session.exec(
            query.where(col(VerdictRow.comment_id).in_(comment_ids[start : start + PAGE]))
        )
    }


def standing_kinds(first: int, last: int, *, session: Session) -> dict[int, VerdictKind]:
    """Return what the standing verdicts of the comments `first` to `last` say, by comment: see `standing_verdicts`."""
    return _kinds(session, col(VerdictRow.comment_id).between(first, last))


def standing_kinds_of(comment_ids: Sequence[int], *, session: Session) -> dict[int, VerdictKind]:
    """Return what the standing verdicts of some comments say, by comment; at most a page of comments."""
    return _kinds(session, col(VerdictRow.comment_id).in_(comment_ids))


def all_standing_kinds(*, session: Session) -> dict[int, VerdictKind]:
    """Return what every standing verdict says, by comment: as many entries as moderators decided comments."""
    return _kinds(session)


def judged_texts(*, session: Session) -> set[str]:
    """Return the hash of every text with a standing verdict: see `text_hash`."""
    query = select(VerdictRow.text_hash).where(*_STANDING).distinct()
    return set(session.connection().execute(query).scalars())


def _kinds(session: Session, *which: ColumnElement[bool]) -> dict[int, VerdictKind]:
    query = select(VerdictRow.comment_id, VerdictRow.kind).where(*_STANDING, *which)
    found = session.connection().execute(query.order_by(col(VerdictRow.id)))
    return {number: VerdictKind(kind) for number, kind in found}


def verdict_of(row: VerdictRow | Row[Any]) -> StoredVerdict:
    """Return a stored verdict."""
    return StoredVerdict(
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


def _found(which: ColumnElement[bool], session: Session) -> list[StoredVerdict]:
    rows = session.connection().execute(_ALL.where(which).order_by(col(VerdictRow.id)))
    return [verdict_of(row) for row in rows]
