"""Figures per day (UTC), counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Float, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from moderation.domain import Action, Cause, Outcome, VerdictKind
from moderation.store.queue_order import PENDING
from moderation.store.tables.comments import DecisionRow, RuleHitRow
from moderation.store.tables.queue import QueueItemRow
from moderation.store.tables.verdicts import VerdictRow

_FINAL = [kind for kind in VerdictKind if kind.final]


@dataclass(frozen=True, slots=True)
class Waited:
    """Comments that were queued on one day and settled on another; `None`: they wait still."""

    queued: date
    settled: date | None
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """Runs of a check that ended the same way on a day."""

    day: date
    check: str
    outcome: Outcome
    count: int
    ms: float


def decisions(since: datetime, *, session: Session) -> list[tuple[date, Action, str, int]]:
    """Count comments that came in, by day, action and language."""
    day, kind, language = (
        _day(col(DecisionRow.created_at)),
        col(DecisionRow.action),
        col(DecisionRow.language),
    )
    query = (
        select(day, kind, language, func.count())
        .where(col(DecisionRow.created_at) >= since, col(DecisionRow.cause) == Cause.SUBMITTED)
        .group_by(day, kind, language)
    )
    return [(found, *rest) for found, *rest in _rows(query, session)]


def verdicts(since: datetime, *, session: Session) -> list[tuple[date, VerdictKind, int]]:
    """Count verdicts by day and kind; second opinions don't count."""
    day, kind = _day(col(VerdictRow.created_at)), col(VerdictRow.kind)
    query = (
        select(day, kind, func.count())
        .where(col(VerdictRow.created_at) >= since, col(VerdictRow.blind).is_(False))
        .group_by(day, kind)
    )
    return [(found, *rest) for found, *rest in _rows(query, session)]


def seconds_of_verdicts(since: datetime, *, session: Session) -> list[tuple[date, float]]:
    """Return how many seconds each verdict took, where somebody measured."""
    query = select(_day(col(VerdictRow.created_at)), col(VerdictRow.seconds)).where(
        col(VerdictRow.created_at) >= since, col(VerdictRow.seconds).is_not(None)
    )
    return [(day, seconds) for day, seconds in _rows(query, session)]


def waiting_times(since: datetime, *, session: Session) -> list[Waited]:
    """Count what waited at some time since then, by when it was queued and settled."""
    item = QueueItemRow
    queued, done = _day(col(item.created_at)), _day(col(item.settled_at))
    query = (
        select(queued, done, func.count(), func.min(col(item.created_at)))
        .where(or_(and_(PENDING, col(item.blind).is_(False)), col(item.settled_at) >= since))
        .group_by(queued, done)
    )
    return [Waited(start, end, count, first) for start, end, count, first in _rows(query, session)]


def check_runs(since: datetime, *, session: Session) -> list[Checked]:
    """Count how checks ended, by day, with their mean time in milliseconds."""
    each, name, outcome, ms = _each_check(session)
    day = _day(col(DecisionRow.created_at))
    query = (
        select(day, name, outcome, func.count(), func.avg(ms))
        .select_from(DecisionRow)
        .join(each, col(DecisionRow.id).is_not(None))
        .where(col(DecisionRow.created_at) >= since)
        .group_by(day, name, outcome)
    )
    return [
        Checked(found, check, Outcome(ended), count, time)
        for found, check, ended, count, time in _rows(query, session)
    ]


def pairs_of_opinions(
    since: datetime, *, session: Session
) -> list[tuple[date, tuple[VerdictKind, VerdictKind]]]:
    """Return first and second verdict of each comment that two moderators decided, the second one blindly.

    Each pair comes with the day of its second verdict: only then is it a pair.
    """
    first, second = aliased(VerdictRow), aliased(VerdictRow)
    between = aliased(VerdictRow)
    query = (
        select(_day(col(second.created_at)), col(first.kind), col(second.kind))
        .join(second, col(second.comment_id) == col(first.comment_id))
        .where(
            col(second.created_at) >= since,
            *_stands(second, blind=True),
            *_stands(first, blind=False),
            col(first.id) < col(second.id),
            ~exists().where(
                col(between.comment_id) == col(first.comment_id),
                col(between.id) > col(first.id),
                col(between.id) < col(second.id),
                *_stands(between, blind=False),
            ),
        )
    )
    return [(day, (one, other)) for day, one, other in _rows(query, session)]


def rule_hits(since: datetime, *, session: Session) -> dict[str, int]:
    """Count how often each rule fired, most frequent first; rules in the shadow don't count."""
    count = func.count()
    query = (
        select(col(RuleHitRow.rule), count)
        .where(col(RuleHitRow.created_at) >= since, col(RuleHitRow.shadow).is_(False))
        .group_by(col(RuleHitRow.rule))
        .order_by(count.desc(), col(RuleHitRow.rule))
    )
    return {rule: number for rule, number in _rows(query, session)}  # noqa: C416


def judged_rule_hits(since: datetime, *, session: Session) -> dict[tuple[str, VerdictKind], int]:
    """Count comments that moderators have decided since then, by rule that fired on them and by verdict."""
    verdict, later = aliased(VerdictRow), aliased(VerdictRow)
    query = (
        select(col(RuleHitRow.rule), col(verdict.kind), func.count(col(verdict.comment_id).distinct()))
        .join(DecisionRow, col(DecisionRow.comment_id) == col(verdict.comment_id))
        .join(RuleHitRow, col(RuleHitRow.decision_id) == col(DecisionRow.id))
        .where(
            col(verdict.created_at) >= since,
            *_stands(verdict, blind=False),
            col(RuleHitRow.shadow).is_(False),
            ~exists().where(
                col(later.comment_id) == col(verdict.comment_id),
                col(later.id) > col(verdict.id),
                *_stands(later, blind=False),
            ),
        )
        .group_by(col(RuleHitRow.rule), col(verdict.kind))
    )
    return {(rule, kind): number for rule, kind, number in _rows(query, session)}


def _stands(verdict: type[VerdictRow], *, blind: bool) -> Sequence[ColumnElement[bool]]:
    """Whether a verdict approved or rejected and nobody took it back."""
    undo = aliased(VerdictRow)
    taken_back = exists().where(col(undo.undoes) == col(verdict.id))
    return col(verdict.kind).in_(_FINAL), col(verdict.blind).is_(blind), ~taken_back


def _each_check(session: Session) -> tuple[Any, Any, Any, Any]:
    """Return each entry of a decision's checks as a table, with its name, outcome and milliseconds."""
    checks = col(DecisionRow.checks)
    if session.get_bind().dialect.name == "postgresql":
        each = func.jsonb_array_elements(checks).table_valued("value").lateral()
        value = each.c.value
        return each, value.op("->>")("check"), value.op("->>")("outcome"), cast(value.op("->>")("ms"), Float)
    each = func.json_each(checks).table_valued("value")
    name, outcome, ms = (func.json_extract(each.c.value, f"$.{part}") for part in ("check", "outcome", "ms"))
    return each, name, outcome, ms


def _day(when: Any) -> ColumnElement[date]:  # noqa: ANN401 - any column of time
    """Return the date of a time, UTC: as a date, for how a database writes times is its own setting."""
    return func.date(when, type_=Date)


def _rows(query: Any, session: Session) -> Sequence[Any]:  # noqa: ANN401 - any query
    return session.connection().execute(query).all()
