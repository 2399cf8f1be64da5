"""Figures per day, whatever a database is set to."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.domain import Action, Outcome, VerdictKind
from moderation.store.statistics import by_day
from moderation.store.verdicts.verdict_log import add_verdicts
from tests.store.samples import comment, decision, new_row, save, verdict

SINCE = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def stored(store):
    """A comment with a verdict and a second opinion, both of the last second of a day."""
    (saved,) = save(store, new_row(comment(), decision(Action.HOLD)))
    late = datetime(2999, 1, 2, 23, 59, 59, tzinfo=UTC)
    kinds = ((VerdictKind.REJECT, False), (VerdictKind.APPROVE, True))
    given = [
        verdict(saved.comment_id, kind, blind=blind, seconds=2.5, created_at=late) for kind, blind in kinds
    ]
    with store.transaction() as session:
        add_verdicts(given, session=session)
    return late.date()


@pytest.mark.parametrize("style", ["ISO, MDY", "German", "SQL, DMY", "Postgres, MDY"])
def test_a_day_is_a_day_in_every_style_of_dates(store, stored, style):
    with store.reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection().exec_driver_sql(f"SET DateStyle TO '{style}'")
        today = {day for day, *_ in by_day.decisions(SINCE, session=session)}
        assert today <= {SINCE.date() + timedelta(days=1), SINCE.date() + timedelta(days=2)}
        assert len(today) == 1
        assert {
            run.day for run in by_day.check_runs(SINCE, session=session) if run.outcome is Outcome.OK
        } == today
        assert by_day.verdicts(SINCE, session=session) == [(stored, VerdictKind.REJECT, 1)]
        assert by_day.seconds_of_verdicts(SINCE, session=session) == [(stored, 2.5)] * 2
        pair = (VerdictKind.REJECT, VerdictKind.APPROVE)
        assert by_day.pairs_of_opinions(SINCE, session=session) == [(stored, pair)]
