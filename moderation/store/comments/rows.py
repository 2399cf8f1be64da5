"""Between domain values and rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from moderation.domain import Comment, Decision, StoredDecision
from moderation.errors import InvalidCommentError
from moderation.public_form import reasons_to_dicts
from moderation.store.comments.stored_form import (
    author_from_json,
    author_to_json,
    checks_from_json,
    checks_to_json,
    provenance_from_json,
    provenance_to_json,
    reasons_from_json,
)
from moderation.store.tables.comments import CommentRow, DecisionRow

PAGE = 500
"""Rows that one query asks for or returns: bounds its memory and its number of parameters."""


class CommentKey(NamedTuple):
    """What a stored comment is identified by."""

    site: str
    external_id: str
    revision: int


@dataclass(frozen=True, slots=True)
class NewRow:
    """A comment to be stored with its decision.

    Attributes:
        comment: what the author wrote.
        decision: what was decided.
        text_key: what the same text said again is known by.
        written_at: when it was written; where the comment does not say, when it came in.
    """

    comment: Comment
    decision: Decision
    text_key: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class StoredComment:
    """A comment as it was written, with its latest decision.

    Attributes:
        id: number of the comment in this database.
        comment: what the author wrote; `created_at` in UTC.
        decision: the latest decision, with its numbers.
        received_at: when the comment was stored, UTC.
        written_at: when it was written, UTC: the comment's `created_at`.
    """

    id: int
    comment: Comment
    decision: StoredDecision
    received_at: datetime
    written_at: datetime


def pages(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a sequence into pages."""
    return (items[start : start + PAGE] for start in range(0, len(items), PAGE))


def key_of(comment: Comment) -> CommentKey:
    """Return what a comment is stored under.

    Raises:
        InvalidCommentError: it has no external id.
    """
    if comment.external_id is None or comment.external_id == "":
        raise InvalidCommentError(
            "a comment needs an external_id to be stored: it is how the same comment is known again",
            hint="pass your own id of the comment, or a new UUID, as text; `check` needs none",
            field="external_id",
        )
    return CommentKey(comment.site, comment.external_id, comment.revision)


def comment_values(row: NewRow, received_at: datetime) -> dict[str, Any]:
    """Return the columns of a comment."""
    comment = row.comment
    return {
        "site": comment.site,
        "external_id": comment.external_id,
        "revision": comment.revision,
        "text": comment.text,
        "text_key": row.text_key,
        "thread": comment.thread,
        "author_id": comment.author.id if comment.author else None,
        "author": author_to_json(comment.author) if comment.author else None,
        "locale": comment.locale,
        "is_top_level": comment.is_top_level,
        "reports": comment.reports,
        "created_at": row.written_at,
        "received_at": received_at,
    }


def decision_values(decision: Decision, comment_id: int, created_at: datetime) -> dict[str, Any]:
    """Return the columns of a decision about a stored comment."""
    language = decision.language
    return {
        "comment_id": comment_id,
        "action": decision.action,
        "language": language.code,
        "language_confidence": language.confidence,
        "reasons": reasons_to_dicts(decision.reasons),
        "checks": checks_to_json(decision.checks),
        "scores": decision.scores,
        "provenance": provenance_to_json(decision.provenance),
        "shadow": reasons_to_dicts(decision.shadow) or None,
        "cause": decision.cause,
        "by": decision.by,
        "without": list(decision.without) or None,
        "ruleset": decision.provenance.ruleset,
        "created_at": created_at,
    }


def hit_values(
    decision: StoredDecision, created_at: datetime, watched: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Return the columns of each rule that fired in a stored decision, or would have from the shadow."""
    for shadow, reasons in ((False, decision.reasons), (True, decision.shadow)):
        for rule, action in {reason.rule: reason.action for reason in reversed(reasons)}.items():
            yield {
                "decision_id": decision.id,
                "comment_id": decision.comment_id,
                "rule": rule,
                "action": action,
                "shadow": shadow,
                "version_id": None if shadow else watched.get(rule),
                "created_at": created_at,
            }


def numbered(decision: Decision, number: int, comment_id: int, created_at: datetime) -> StoredDecision:
    """Return a decision as it is once it was stored."""
    made = {field.name: getattr(decision, field.name) for field in fields(Decision)}
    return StoredDecision(**made | {"id": number, "comment_id": comment_id, "created_at": created_at})


def decision_of(row: DecisionRow) -> StoredDecision:
    """Return a stored decision."""
    return StoredDecision(
        action=row.action,
        reasons=reasons_from_json(row.reasons),
        checks=checks_from_json(row.checks),
        provenance=provenance_from_json(row.provenance),
        shadow=reasons_from_json(row.shadow or ()),
        cause=row.cause,
        by=row.by,
        without=tuple(row.without or ()),
        id=row.id,
        comment_id=row.comment_id,
        created_at=row.created_at,
    )


def stored_comment(row: CommentRow, decision: DecisionRow) -> StoredComment:
    """Return a stored comment with its latest decision."""
    comment = Comment(
        text=row.text,
        site=row.site,
        external_id=row.external_id,
        revision=row.revision,
        thread=row.thread,
        author=author_from_json(row.author) if row.author is not None else None,
        created_at=row.created_at,
        locale=row.locale,
        is_top_level=row.is_top_level,
        reports=row.reports,
    )
    return StoredComment(row.id, comment, decision_of(decision), row.received_at, row.created_at)
