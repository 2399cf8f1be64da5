"""Verdicts that programs outside send, each with an answer of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlmodel import Session

from moderation.desk.deciding import Terms, decide_all
from moderation.desk.desk import LEASE
from moderation.desk.people import User
from moderation.desk.values import VerdictRequest, VerdictResult
from moderation.domain import Role, VerdictKind
from moderation.errors import CommentNotFoundError, ModerationError, VerdictError
from moderation.store import Store, StoredComment, get_comment
from moderation.store.comments.finding import by_number


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideVerdict:
    """A verdict that a program outside sends.

    Attributes:
        kind: approve or reject.
        by: who decided.
        site: the comment's site.
        external_id: the comment system's own id of it: its latest revision is meant.
        comment_id: its number; with an `external_id`, both must fit.
        uid: a UUID made where it was decided; the same one is applied once. `None`: it is always another verdict.
        at: when it was decided; now if `None`.
        reason: the rule or policy that a rejection is about.
        note: for colleagues.
    """

    kind: VerdictKind
    by: str
    site: str | None = None
    external_id: str | None = None
    comment_id: int | None = None
    uid: str | None = None
    at: datetime | None = None
    reason: str = ""
    note: str = ""


def take_verdicts(
    store: Store, verdicts: Sequence[OutsideVerdict], may: Callable[[str], bool] = lambda _: True
) -> list[VerdictResult | ModerationError]:
    """Store verdicts in one transaction: for each, in order, what became of it or why it was not taken.

    Args:
        store: the database.
        verdicts: at most a page of them.
        may: tells whether who asks may know of a site's comments; those of others are not found.

    Raises:
        StoreError: the database can't be used; nothing is stored.
    """
    answers: dict[int, VerdictResult | ModerationError] = {}
    asked: dict[int, tuple[User, VerdictRequest]] = {}
    with store.transaction() as session:
        for place, verdict in enumerate(verdicts):
            found = find_outside(verdict.site, verdict.external_id, verdict.comment_id, session=session)
            if found is None or not may(found.comment.site):
                answers[place] = CommentNotFoundError("no stored comment has this number or id")
            else:
                asked[place] = (User(verdict.by, Role.ADMIN), _outside(verdict, found.id))
        terms = Terms(datetime.now(UTC), LEASE, second_review=0)
        results = decide_all(list(asked.values()), terms, session=session)
    for (place, (_, request)), result in zip(asked.items(), results, strict=True):
        answers[place] = result if _is_same(request, result) else _used()
    return [answers[place] for place in range(len(verdicts))]


def find_outside(
    site: str | None, external_id: str | None, comment_id: int | None, *, session: Session
) -> StoredComment | None:
    """Find a comment as programs outside name it: by its number, or by its id on a site; `None` if there is none.

    Args:
        site: the site.
        external_id: the comment system's own id of it: the latest revision is meant.
        comment_id: its number; what else is given must fit.
        session: of a transaction.
    """
    if comment_id is None:
        return get_comment(external_id or "", site=site or "", session=session)
    found = by_number(comment_id, session=session)
    fits = (
        found is not None
        and external_id in {None, found.comment.external_id}
        and site in {None, found.comment.site}
    )
    return found if fits else None


def _outside(verdict: OutsideVerdict, comment_id: int) -> VerdictRequest:
    return VerdictRequest(
        uid=verdict.uid or str(uuid4()),
        kind=verdict.kind,
        comment=comment_id,
        reason=verdict.reason,
        note=verdict.note,
        at=verdict.at,
    )


def _is_same(request: VerdictRequest, result: VerdictResult) -> bool:
    """Whether a result is that of the verdict that was asked for, and not of another one under its uid."""
    stored = result.verdict
    return stored is None or (stored.comment_id, stored.kind) == (request.comment, request.kind)


def _used() -> VerdictError:
    return VerdictError("this uid was used for another verdict", hint="make a new UUID for each verdict")
