"""Which rules fired when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlmodel import Session

from moderation.domain import Action, Cause
from moderation.store.tables.base import Table

_HITS = Table.metadata.tables["rule_hit"]
_HIT = _HITS.c
_DECISIONS = Table.metadata.tables["decision"]
_DECISION = _DECISIONS.c
_STREAMED = 2000  # rows that are in memory at a time


@dataclass(frozen=True, slots=True)
class Deed:
    """A decision that a rule took part in."""

    decision_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that fired, or would have from the shadow."""

    rule: str
    action: Action
    shadow: bool


@dataclass(frozen=True, slots=True)
class CommentHits:
    """A comment that came in, and every rule that fired on it then.

    Attributes:
        comment_id: number of the comment.
        action: what was decided.
        at: when.
        hits: the rules, each once live and once in the shadow at most.
    """

    comment_id: int
    action: Action
    at: datetime
    hits: tuple[RuleHit, ...]


def hits_by_comment(*, since: datetime, rule: str | None = None, session: Session) -> Iterator[CommentHits]:
    """Go through what rules fired on comments that came in since a time, in order; in bounded memory.

    What was decided anew later, as when a rule was undone, is not counted a second time.

    Args:
        since: from when on.
        rule: only decisions in which this rule fired; all if `None`.
        session: open while the result is iterated.
    """
    query = (
        select(
            _HIT.decision_id,
            _HIT.comment_id,
            _DECISION.action,
            _HIT.created_at,
            _HIT.rule,
            _HIT.action,
            _HIT.shadow,
        )
        .select_from(_HITS)
        .join(_DECISIONS, _DECISION.id == _HIT.decision_id)
        .where(_HIT.created_at >= since, _DECISION.cause == Cause.SUBMITTED)
        .order_by(_HIT.decision_id, _HIT.id)
    )
    if rule is not None:
        took_part = select(_HIT.decision_id).where(_HIT.rule == rule, _HIT.created_at >= since)
        query = query.where(_HIT.decision_id.in_(took_part))
    streamed = session.connection().execute(query, execution_options={"yield_per": _STREAMED})
    for _, rows in groupby(streamed, key=lambda row: row[0]):
        same = list(rows)
        _, comment_id, action, at, *_ = same[0]
        yield CommentHits(comment_id, action, at, tuple(RuleHit(*row[4:]) for row in same))


def count_submitted(*, since: datetime, session: Session) -> int:
    """Count the comments that came in since a time."""
    query = select(func.count()).where(_DECISION.created_at >= since, _DECISION.cause == Cause.SUBMITTED)
    count: int = session.connection().execute(query).scalar_one()
    return count


def deeds_of_rule(rule: str, *, begin: datetime, end: datetime, session: Session) -> list[Deed]:
    """Return the decisions in which a live rule fired, from `begin` up to and not including `end`, oldest first."""
    query = (
        select(_HIT.decision_id, _HIT.comment_id)
        .where(_HIT.rule == rule, _HIT.shadow.is_(False), _HIT.created_at >= begin, _HIT.created_at < end)
        .order_by(_HIT.decision_id)
    )
    return [Deed(*row) for row in session.connection().execute(query)]
