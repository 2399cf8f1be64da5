"""How much is stored, of what."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from moderation.domain import Cause
from moderation.store.database.exact import unescape
from moderation.store.queue_order import pending_count
from moderation.store.tables.comments import CommentRow, DecisionRow, RuleHitRow


@dataclass(frozen=True, slots=True)
class Summary:
    """What is stored; decisions counted are each comment's latest.

    Attributes:
        comments: how many comments, each revision counted.
        by_action: comments by action.
        by_rule: comments by rule that fired, most frequent first.
        by_shadow_rule: comments by rule in the shadow that would have fired, likewise.
        by_language: comments by language code, most frequent first.
        queued: comments that wait for a moderator.
    """

    comments: int
    by_action: dict[str, int]
    by_rule: dict[str, int]
    by_shadow_rule: dict[str, int]
    by_language: dict[str, int]
    queued: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


def summary(*, session: Session) -> Summary:
    """Count everything; reads the whole table of decisions."""
    rules = _count_latest(_rule(session), session)
    return Summary(
        comments=session.exec(select(func.count()).select_from(CommentRow)).one(),
        by_action={action.value: count for action, count in _count_latest(col(DecisionRow.action), session)},
        by_rule={unescape(rule): count for rule, count in rules},
        by_shadow_rule=_count_shadow(session),
        by_language=dict(_count_latest(col(DecisionRow.language), session)),
        queued=pending_count(session=session),
    )


def latest_decision(*, session: Session) -> int:
    """Return the number of the latest decision; 0 if there is none. Later ones have higher numbers."""
    return session.exec(select(func.coalesce(func.max(col(DecisionRow.id)), 0))).one()


def latest_ruleset(*, session: Session) -> str | None:
    """Return the hash of the ruleset that decided last; `None` if nothing is stored."""
    query = select(DecisionRow.ruleset).where(col(DecisionRow.cause) == Cause.SUBMITTED)
    return session.exec(query.order_by(col(DecisionRow.id).desc()).limit(1)).first()


def _count_latest(value: Any, session: Session) -> list[tuple[Any, int]]:  # noqa: ANN401 - any column
    """Count decisions by a value of theirs, most frequent first; only the latest of each comment."""
    latest = select(func.max(col(DecisionRow.id))).group_by(col(DecisionRow.comment_id))
    count = func.count(col(DecisionRow.id).distinct())
    query = select(value, count).where(col(DecisionRow.id).in_(latest)).group_by(value)
    return [(found, number) for found, number in session.exec(query.order_by(count.desc(), value))]


def _count_shadow(session: Session) -> dict[str, int]:
    latest = select(func.max(col(DecisionRow.id))).group_by(col(DecisionRow.comment_id))
    rule, count = col(RuleHitRow.rule), func.count()
    query = select(rule, count).where(
        col(RuleHitRow.shadow).is_(True), col(RuleHitRow.decision_id).in_(latest)
    )
    return dict(session.exec(query.group_by(rule).order_by(count.desc(), rule)).all())


def _rule(session: Session) -> ColumnElement[str]:
    """Return the name of each rule that fired: joins each decision with its reasons."""
    reasons = col(DecisionRow.reasons)
    if session.get_bind().dialect.name == "postgresql":
        each = func.jsonb_array_elements(reasons).table_valued("value", joins_implicitly=True)
        return each.c.value.op("->>")("rule")
    each = func.json_each(reasons).table_valued("value", joins_implicitly=True)
    return func.json_extract(each.c.value, "$.rule")
