"""What waits for a moderator, and in which order."""

from sqlmodel import Session, col, func, select

from moderation.domain import Decision
from moderation.store.tables import QueueItemRow, QueueStatus


def priority(decision: Decision) -> float:
    """Tell how urgent a decision's comment is: holds before flags, and in each the highest score first."""
    return decision.action.strength + max(decision.scores.values(), default=0.0) / 2


def pending_count(*, session: Session) -> int:
    """Count the comments that wait for a moderator."""
    pending = col(QueueItemRow.status) == QueueStatus.PENDING
    return session.exec(select(func.count()).select_from(QueueItemRow).where(pending)).one()
