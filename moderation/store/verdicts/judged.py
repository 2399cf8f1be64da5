"""What comments scored that moderators have decided."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session

from moderation.domain import VerdictKind
from moderation.store.tables.base import Table
from moderation.store.verdicts.verdict_log import all_standing_kinds

_PAGE = 500
_DECISION = Table.metadata.tables["decision"].c


@dataclass(frozen=True, slots=True)
class JudgedComment:
    """A comment with a standing verdict.

    Attributes:
        verdict: what it says.
        scores: the comment's score of each attribute, 0–1; empty if it has none.
        language: code of its language.
        model: name and weight hash of what scored it.
        decision_id: number of the latest decision.
    """

    verdict: VerdictKind
    scores: dict[str, float]
    language: str
    model: str
    decision_id: int


def judged_comments(*, session: Session) -> list[JudgedComment]:
    """Return every comment with a standing verdict, as its latest decision knows it."""
    verdicts = all_standing_kinds(session=session)
    numbers = sorted(verdicts)
    found = []
    for start in range(0, len(numbers), _PAGE):
        newest = (
            select(func.max(_DECISION.id))
            .where(_DECISION.comment_id.in_(numbers[start : start + _PAGE]))
            .group_by(_DECISION.comment_id)
        )
        query = select(
            _DECISION.comment_id, _DECISION.scores, _DECISION.language, _DECISION.provenance, _DECISION.id
        ).where(_DECISION.id.in_(newest))
        found += [
            JudgedComment(verdicts[number], scores, language, provenance["model"], decision)
            for number, scores, language, provenance, decision in session.connection().execute(query)
        ]
    return found
