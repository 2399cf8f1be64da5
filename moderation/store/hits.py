"""Which rules fired when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from moderation.store.tables import Table

_HIT = Table.metadata.tables["rule_hit"].c


@dataclass(frozen=True, slots=True)
class Deed:
    """A decision that a rule took part in."""

    decision_id: int
    comment_id: int


def deeds(rule: str, *, begin: datetime, end: datetime, session: Session) -> list[Deed]:
    """Return the decisions in which a live rule fired, from `begin` up to and not including `end`, oldest first."""
    query = (
        select(_HIT.decision_id, _HIT.comment_id)
        .where(_HIT.rule == rule, _HIT.shadow.is_(False), _HIT.created_at >= begin, _HIT.created_at < end)
        .order_by(_HIT.decision_id)
    )
    return [Deed(*row) for row in session.connection().execute(query)]
