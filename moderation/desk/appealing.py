"""Appeals: what authors object, and what somebody who had no part in the decision answers."""

from datetime import datetime
from uuid import uuid4

from sqlmodel import Session

from moderation.desk.deciding import Terms, decide_all
from moderation.desk.people import User
from moderation.desk.reading import is_published, require_comment
from moderation.desk.values import VerdictRequest
from moderation.domain import AppealAnswer, VerdictKind
from moderation.errors import AppealError, PermissionDeniedError
from moderation.store.verdicts.appeals import Appeal, add_appeal, find_appeal, write_answer
from moderation.store.verdicts.verdict_log import verdicts_of

_NO_VERDICT = {VerdictKind.SKIP, VerdictKind.ESCALATE}


def take_appeal(comment_id: int, message: str, now: datetime, *, session: Session) -> Appeal:
    """Store an author's objection; see `Desk.appeal`."""
    comment = require_comment(comment_id, session)
    if is_published(comment, session):
        raise AppealError(f"comment {comment_id} is published: there is nothing to appeal against")
    taken = add_appeal(comment_id, message, now, session=session)
    if taken is None:
        raise AppealError(
            f"an appeal about comment {comment_id} is open already", hint="wait until it is answered"
        )
    return taken


def answer_appeal(
    by: User, appeal_id: int, given: AppealAnswer, note: str, terms: Terms, *, session: Session
) -> Appeal:
    """Answer an appeal; see `Desk.answer_appeal`."""
    found = find_appeal(appeal_id, session=session)
    if found is None:
        raise _not_open(appeal_id)
    verdicts = verdicts_of(found.comment_id, session=session)
    if any(verdict.by == by.name and verdict.kind not in _NO_VERDICT for verdict in verdicts):
        raise PermissionDeniedError(
            "an appeal is never answered by who decided about the comment", hint="leave it to a colleague"
        )
    answered = write_answer(appeal_id, given, by=by.name, note=note, now=terms.now, session=session)
    if answered is None:
        raise _not_open(appeal_id)
    if given is AppealAnswer.OVERTURN:
        request = VerdictRequest(
            uid=str(uuid4()), kind=VerdictKind.APPROVE, comment=found.comment_id, reason="appeal", note=note
        )
        (result,) = decide_all([(by, request)], terms, session=session)
        if not result.saved:  # the error takes the answer back too
            raise PermissionDeniedError(result.message, hint="ask an admin")
    return answered


def _not_open(appeal_id: int) -> AppealError:
    return AppealError(
        f"no open appeal has the number {appeal_id}", hint="it may have been answered meanwhile"
    )
