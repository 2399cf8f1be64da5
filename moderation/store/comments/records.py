"""Stored comments as the rules once saw them, read lean: by the hundred thousand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    not_,
    select,
)
from sqlmodel import Session

from moderation.domain import Action, Cause, CheckResult, Comment
from moderation.store.comments.stored_form import author_from_json, checks_from_json
from moderation.store.database.exact import load_json
from moderation.store.tables.base import Table
from moderation.version import __version__

_MARKED = "\\u001a"  # a string of this JSON is escaped, see exact.py
_COMMENTS = Table.metadata.tables["comment"]
_COMMENT = _COMMENTS.c
_DECISIONS = Table.metadata.tables["decision"]
_DECISION = _DECISIONS.c


@dataclass(frozen=True, slots=True)
class PastComment:
    """What was known when a comment's latest decision was made, and what was decided.

    Attributes:
        id: number of the comment.
        comment: what the author wrote.
        written_at: when, UTC.
        action: what was decided.
        checks: how each check ended, by its name.
        ruleset: hash of the ruleset that decided.
        plain: whether that ruleset alone decided, in this release: under no brake, and with no rule left out.
    """

    id: int
    comment: Comment
    written_at: datetime
    action: Action
    checks: Mapping[str, CheckResult]
    ruleset: str
    plain: bool


@dataclass(frozen=True, slots=True)
class CommentRange:
    """Stored comments by their numbers, `first` to `last`: all of them, or those written since a time."""

    first: int
    last: int
    since: datetime | None = None

    def cut(self, size: int) -> Iterator["CommentRange"]:
        """Cut it into ranges of at most so many numbers."""
        for first in range(self.first, self.last + 1, size):
            yield CommentRange(first, min(first + size - 1, self.last), self.since)


def stored_range(
    *, since: datetime | None = None, last: int | None = None, session: Session
) -> tuple[CommentRange, int]:
    """Find which comments are meant, and how many they are.

    Args:
        since: only those written at this time or later.
        last: only so many, those that were stored last.
        session: an open session.
    """
    numbers = select(_COMMENT.id)
    if since is not None:
        numbers = numbers.where(_COMMENT.created_at >= since)
    if last is not None:
        numbers = numbers.order_by(_COMMENT.id.desc()).limit(last)
    chosen = numbers.subquery().c.id
    found = select(
        func.coalesce(func.min(chosen), 0), func.coalesce(func.max(chosen), -1), func.count(chosen)
    )
    first, final, count = session.connection().execute(found).one()
    return CommentRange(first, final, since), count


def read_records(wanted: CommentRange, *, session: Session) -> list[PastComment]:
    """Return the comments of a range with their latest decisions, in the order they were stored."""
    query = _records(session.get_bind().dialect.name)
    if wanted.since is not None:
        query = query.where(_COMMENT.created_at >= wanted.since)
    rows = session.connection().execute(query, {"first": wanted.first, "final": wanted.last})
    return [_record(*row) for row in rows]


@cache
def _records(dialect: str) -> Select[Any]:
    """Return the query; JSON comes as text: `from_json` reads it in half the time of the standard library."""
    newest = (
        select(func.max(_DECISION.id))
        .where(_DECISION.comment_id == _COMMENT.id)
        .correlate(_COMMENTS)
        .scalar_subquery()
    )
    plain = and_(
        _DECISION.cause == Cause.SUBMITTED,
        _DECISION.provenance["version"].as_string() == __version__,
        not_(_braked(dialect)),
    )
    return (
        select(
            _COMMENT.id,
            _COMMENT.text,
            _COMMENT.site,
            _COMMENT.external_id,
            _COMMENT.revision,
            _COMMENT.thread,
            cast(_COMMENT.author, Text),
            _COMMENT.created_at,
            _COMMENT.locale,
            _COMMENT.is_top_level,
            _COMMENT.reports,
            _DECISION.action,
            cast(_DECISION.checks, Text),
            _DECISION.ruleset,
            plain,
        )
        .select_from(_COMMENTS)
        .join(_DECISIONS, _DECISION.comment_id == _COMMENT.id)
        .where(_DECISION.id == newest, _COMMENT.id.between(bindparam("first"), bindparam("final")))
        .order_by(_COMMENT.id)
    )


def _braked(dialect: str) -> ColumnElement[bool]:
    """Whether one of a decision's rules was under the brake; see `Decision.braked`."""
    if dialect == "postgresql":
        return _DECISION.reasons.op("@>", is_comparison=True)(
            literal_column("""'[{"evidence": {"braked": true}}]'::jsonb""")
        )
    reason = func.json_each(_DECISION.reasons).table_valued("value")
    return exists().select_from(reason).where(func.json_extract(reason.c.value, "$.evidence.braked") == 1)


def _record(number: int, *row: Any) -> PastComment:  # noqa: ANN401 - the columns above
    text, site, external_id, revision, thread, author, created_at, locale, top, reports, *decided = row
    action, checks, ruleset, plain = decided
    comment = Comment(
        text,
        site,
        external_id,
        revision,
        thread,
        author and author_from_json(_loaded(author)),
        created_at,
        locale,
        top,
        reports,
    )
    return PastComment(
        number, comment, created_at, action, checks_from_json(_loaded(checks)), ruleset, bool(plain)
    )


def _loaded(document: str) -> Any:  # noqa: ANN401 - any JSON value
    return load_json(document) if _MARKED in document else from_json(document)
