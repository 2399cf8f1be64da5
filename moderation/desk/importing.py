"""Verdicts that were given elsewhere, taken in once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from sqlmodel import Session

from moderation.desk.deciding import Terms, decide_all
from moderation.desk.desk import LEASE
from moderation.desk.people import User
from moderation.desk.values import VerdictRequest, VerdictStatus
from moderation.domain import Role, VerdictKind
from moderation.errors import CommentNotFoundError
from moderation.logs import Fields, room_logger
from moderation.store import Store, StoredComment, get_comment
from moderation.store.comments.finding import by_number
from moderation.store.comments.rows import PAGE

log = room_logger(__name__)

_NAMESPACE = UUID("0d5b1f6e-6d0c-4c62-9f5e-3a1f0a7c2b11")


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """A row of a file of verdicts.

    Attributes:
        line: where it stands.
        reference: the comment's number, or the comment system's own id of it.
        site: its site, where several have that id.
        is_number: whether the reference is a number and nothing else.
        kind: approve or reject.
        by: who decided.
        at: when, UTC; the time of the import if `None`.
        reason: the rule or policy that a rejection is about.
        note: for colleagues.
    """

    line: int
    reference: str
    site: str | None
    is_number: bool
    kind: VerdictKind
    by: str
    at: datetime | None
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class ImportedVerdicts:
    """What became of a file: verdicts added, those known already, and lines with what is wrong there."""

    added: int
    repeated: int
    problems: Sequence[tuple[int, str]]


def import_verdicts(store: Store, rows: Sequence[VerdictLine]) -> ImportedVerdicts:
    """Store verdicts, 500 in a transaction; a row that was stored before is left as it is.

    Raises:
        StoreError: the database can't be used; what came before is stored.
    """
    statuses: list[VerdictStatus] = []
    problems: list[tuple[int, str]] = []
    for start in range(0, len(rows), PAGE):
        with store.transaction() as session:
            asked: list[tuple[User, VerdictRequest]] = []
            for row in rows[start : start + PAGE]:
                found = _find(row, session)
                if isinstance(found, str):
                    problems.append((row.line, found))
                else:
                    asked.append((User(row.by, Role.ADMIN), _request(row, found)))
            terms = Terms(datetime.now(UTC), LEASE, second_review=0)
            statuses += [result.status for result in decide_all(asked, terms, session=session)]
    added = sum(status is VerdictStatus.APPLIED for status in statuses)
    log.info("verdicts from a file: %d added, %d not", added, len(rows) - added, extra=Fields(comments=added))
    return ImportedVerdicts(added, len(statuses) - added, problems)


def _find(row: VerdictLine, session: Session) -> StoredComment | str:
    try:
        found = (
            by_number(int(row.reference), session=session)
            if row.is_number
            else get_comment(row.reference, site=row.site, session=session)
        )
    except ValueError:
        return "`comment_id` is no number"
    except CommentNotFoundError:
        return "several sites have a comment of this id: the row needs `site`"
    return found or "no stored comment has this number or id"


def _request(row: VerdictLine, comment: StoredComment) -> VerdictRequest:
    """Return the verdict, under a uid that the same row has whenever it is read again."""
    known = (str(comment.id), row.kind, row.by, row.at.isoformat() if row.at else "")
    return VerdictRequest(
        uid=str(uuid5(_NAMESPACE, "\n".join(known))),
        kind=row.kind,
        comment=comment.id,
        reason=row.reason,
        note=row.note,
        at=row.at,
    )
