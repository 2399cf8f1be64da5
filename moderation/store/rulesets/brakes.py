"""Which rules lost their power to reject, and what that was counted from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from moderation.domain import Action, Cause
from moderation.store.rulesets.versions import RuleVersion
from moderation.store.tables.comments import DecisionRow, RuleHitRow
from moderation.store.tables.rulesets import BrakeEventRow, BrakeKind, RuleVersionRow


@dataclass(frozen=True, slots=True)
class BrakeEvent:
    """That a version of a rule lost its power to reject, or got it back.

    Attributes:
        rule: the rule's name.
        version_id: number of its version.
        kind: which of the two.
        hits: comments that it would have rejected since its change, where it was braked.
        of: comments that were decided since then.
        by: who released it.
        created_at: when, UTC.
    """

    rule: str
    version_id: int
    kind: BrakeKind
    hits: int | None
    of: int | None
    by: str | None
    created_at: datetime


def add_brake_event(
    version: RuleVersion,
    kind: BrakeKind,
    *,
    hits: int | None = None,
    of: int | None = None,
    by: str | None = None,
    session: Session,
) -> BrakeEvent:
    """Store that a version of a rule lost its power to reject, or got it back, now; see `BrakeEvent`."""
    row = BrakeEventRow(
        version_id=version.id, kind=kind, hits=hits, of=of, by=by, created_at=datetime.now(UTC)
    )
    session.add(row)
    session.flush()
    return _event(row, version.rule)


def brake_events(*, session: Session) -> list[BrakeEvent]:
    """Return every event, latest first."""
    query = (
        select(BrakeEventRow, RuleVersionRow.rule)
        .join(RuleVersionRow, col(RuleVersionRow.id) == col(BrakeEventRow.version_id))
        .order_by(col(BrakeEventRow.id).desc())
    )
    return [_event(row, rule) for row, rule in session.exec(query)]


def brake_states(version_ids: Collection[int], *, session: Session) -> dict[int, BrakeKind]:
    """Return the latest event's kind for those versions that have any."""
    query = (
        select(BrakeEventRow.version_id, BrakeEventRow.kind)
        .where(
            col(BrakeEventRow.id).in_(
                select(func.max(col(BrakeEventRow.id))).group_by(col(BrakeEventRow.version_id))
            )
        )
        .order_by(col(BrakeEventRow.id))
    )  # all of them: there are few, and many versions
    return {version: BrakeKind(kind) for version, kind in session.exec(query) if version in version_ids}


def count_rejections(version_id: int, *, session: Session) -> int:
    """Count the comments that a version of a rule rejected, as far as the brake watched it."""
    query = (
        select(func.count())
        .select_from(RuleHitRow)
        .where(
            col(RuleHitRow.version_id) == version_id,
            col(RuleHitRow.action) == Action.REJECT,
            col(RuleHitRow.shadow).is_(False),
        )
    )
    return session.exec(query).one()


def count_decided(since: datetime, *, at_most: int, session: Session) -> int:
    """Count the comments that came in and were decided since a time; stops at `at_most`."""
    some = (
        select(DecisionRow.id)
        .where(col(DecisionRow.created_at) >= since, col(DecisionRow.cause) == Cause.SUBMITTED)
        .limit(at_most)
    )
    return session.exec(select(func.count()).select_from(some.subquery())).one()


def _event(row: BrakeEventRow, rule: str) -> BrakeEvent:
    return BrakeEvent(rule, row.version_id, row.kind, row.hits, row.of, row.by, row.created_at)
