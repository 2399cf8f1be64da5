"""What is known of a comment and of its author."""

from collections import Counter
from collections.abc import Mapping

from sqlmodel import Session

from moderation.desk.values import AuthorCard, CommentHistory, Revision
from moderation.domain import Action, StoredVerdict, VerdictKind
from moderation.errors import CommentNotFoundError
from moderation.store import StoredComment, standing_verdicts
from moderation.store.comments.finding import by_number
from moderation.store.comments.threads import (
    comments_of,
    decided_of,
    decisions_about,
    first_and_count,
    revisions_of,
)
from moderation.store.verdicts.appeals import appeals_about
from moderation.store.verdicts.verdict_log import verdicts_about

MOST_COMMENTS = 1000
"""An author's comments that the card's rates are made of: the latest."""

_SHOWN = 10


def require_comment(comment_id: int, session: Session) -> StoredComment:
    """Return a comment by its number.

    Raises:
        CommentNotFoundError: there is none.
    """
    found = by_number(comment_id, session=session)
    if found is None:
        raise CommentNotFoundError(f"no stored comment has the number {comment_id}")
    return found


def is_published(comment: StoredComment, session: Session) -> bool:
    """Tell whether readers see a comment: by the verdict that stands, else by the rules."""
    verdict = standing_verdicts([comment.id], session=session).get(comment.id)
    return verdict.kind is VerdictKind.APPROVE if verdict else comment.decision.published


def history(comment_id: int, session: Session) -> CommentHistory:
    """Return all that happened to a comment; see `Desk.history`."""
    comment = require_comment(comment_id, session)
    revisions = revisions_of(comment, session=session)
    numbers = [revision.id for revision in revisions]
    about = verdicts_about(numbers, session=session)
    return CommentHistory(
        comment=comment,
        revisions=[Revision(item.id, item.comment, item.received_at) for item in revisions],
        decisions=decisions_about(numbers, session=session),
        verdicts=sorted((verdict for found in about.values() for verdict in found), key=_number),
        appeals=appeals_about(numbers, session=session),
        published=is_published(comment, session),
    )


def author_card(site: str, author_id: str, session: Session) -> AuthorCard:
    """Return what is known of an author; see `Desk.author_card`."""
    first, count = first_and_count(site, author_id, session=session)
    decided = decided_of(site, author_id, size=MOST_COMMENTS, session=session)
    standing = standing_verdicts(list(decided), session=session)
    last = comments_of(site, author_id, size=_SHOWN, session=session)
    kinds = Counter(verdict.kind for verdict in standing.values())
    author = last[0].comment.author if last else None
    return AuthorCard(
        site=site,
        author_id=author_id,
        name=author.name if author else None,
        comments=count,
        by_action=dict(Counter(decided.values())),
        approved=kinds[VerdictKind.APPROVE],
        rejected=kinds[VerdictKind.REJECT],
        rejection_rate=_rejection_rate(decided, standing),
        first_seen=first,
        last=last,
        verdicts=sorted(standing.values(), key=_number, reverse=True)[:_SHOWN],
    )


def _rejection_rate(decided: Mapping[int, Action], standing: Mapping[int, StoredVerdict]) -> float | None:
    if not decided:
        return None
    rejected = sum(
        standing[number].kind is VerdictKind.REJECT if number in standing else action is Action.REJECT
        for number, action in decided.items()
    )
    return rejected / len(decided)


def _number(verdict: StoredVerdict) -> int:
    return verdict.id
