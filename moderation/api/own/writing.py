"""What people outside send besides comments, written to the database: verdicts, labels, appeals."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session

from moderation.api.own.asking import may, site_for
from moderation.api.own.models import AppealIn, LabelIn, VerdictIn
from moderation.api_keys import ApiKey
from moderation.desk.appealing import take_appeal
from moderation.desk.outside import OutsideVerdict, find_outside, take_verdicts
from moderation.desk.values import VerdictResult
from moderation.domain import VerdictKind
from moderation.errors import CommentNotFoundError, ModerationError
from moderation.store import Store, StoredComment
from moderation.store.labels import NewLabel, add_labels
from moderation.store.verdicts.appeals import Appeal


def write_verdicts(
    store: Store, key: ApiKey, given: Sequence[VerdictIn]
) -> list[VerdictResult | ModerationError]:
    """Store verdicts in one transaction: for each, in order, what became of it, or why it was not taken."""
    verdicts = [
        OutsideVerdict(
            kind=VerdictKind(one.verdict),
            by=one.by or key.name,
            site=_site(key, one),
            external_id=one.external_id,
            comment_id=one.comment_id,
            uid=one.uid,
            at=one.at,
            reason=one.reason,
            note=one.note,
        )
        for one in given
    ]
    return take_verdicts(store, verdicts, lambda site: may(key, site))


def write_labels(store: Store, key: ApiKey, given: Sequence[LabelIn]) -> list[ModerationError | None]:
    """Store labels in one transaction: for each, in order, why it was not taken, or `None`."""
    with store.transaction() as session:
        labels = [_label(one, key, session) for one in given]
        add_labels([one for one in labels if isinstance(one, NewLabel)], datetime.now(UTC), session=session)
    return [one if isinstance(one, ModerationError) else None for one in labels]


def write_appeal(store: Store, key: ApiKey, given: AppealIn) -> Appeal:
    """Store an author's objection.

    Raises:
        CommentNotFoundError: there is no such comment.
        AppealError: it is published, or an appeal is open already.
    """
    with store.transaction() as session:
        found = _find(given, key, session)
        return take_appeal(found.id, given.text, datetime.now(UTC), session=session)


def _label(given: LabelIn, key: ApiKey, session: Session) -> NewLabel | ModerationError:
    site, external_id, text = given.site, given.external_id, given.text
    try:
        if text is None or given.comment_id is not None:
            found = _find(given, key, session).comment
            site, external_id, text = found.site, found.external_id, text or found.text
    except ModerationError as error:
        return error
    return NewLabel(
        site=site_for(key, site),
        external_id=external_id,
        text=text,
        language=given.language,
        scores=given.scores,
        spans=None,
        source="api",
        by=key.name,
    )


def _find(given: LabelIn | AppealIn, key: ApiKey, session: Session) -> StoredComment:
    found = find_outside(_site(key, given), given.external_id, given.comment_id, session=session)
    if found is None or not may(key, found.comment.site):
        raise CommentNotFoundError("no stored comment has this number or id")
    return found


def _site(key: ApiKey, given: VerdictIn | LabelIn | AppealIn) -> str | None:
    """Return the site that is meant; `None` for a number that comes without one."""
    return None if given.site is None and given.comment_id is not None else site_for(key, given.site)
