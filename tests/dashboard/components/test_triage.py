"""Dots, the brush, and the range that it means."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.components import triage
from dashboard.components.triage import Window
from moderation.desk import Point, QueueFilter
from moderation.domain import Action

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def point(item, score=0.5, minutes=0, action=Action.HOLD):
    return Point(item, 1, score, NOON + timedelta(minutes=minutes), action, "toxicity.insult")


def test_a_window_is_a_filter_whose_ages_count_back_from_when_it_was_shown():
    window = Window(0.4, 0.6, NOON, NOON + timedelta(minutes=5))
    found = window.filter(QueueFilter(site="news", attribute="threat"), NOON + timedelta(hours=1))
    assert found == QueueFilter(
        site="news",
        attribute="threat",
        low=0.4,
        high=0.6,
        max_age=timedelta(hours=1),
        min_age=timedelta(minutes=55),
    )


@pytest.mark.parametrize(
    ("brush", "expected"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"score": [0.2, 0.4]}, None, id="half-drawn"),
        pytest.param(
            {"score": [0.4004, -0.2], "queued": [1763899260000, 1763899320000]},
            None,
            id="another-day",
        ),
    ],
)
def test_a_brush_is_read(brush, expected):
    whole = Window(0.0, 1.0, NOON, NOON + timedelta(minutes=9))
    found = triage.brushed({triage.BRUSH: brush}, whole)
    if brush.get("queued"):
        assert found is not None
        assert (found.low, found.high) == (0.0, 0.4)
        assert found.since == NOON
    else:
        assert found is expected


def test_the_chart_draws_scores_and_actions_and_no_text():
    document = triage.scatter([point(1), point(2, action=Action.FLAG)], score="highest score").to_dict()
    (rows,) = document["datasets"].values()
    assert set(rows[0]) == {"queued", "score", "action"}
    assert document["encoding"]["color"]["scale"]["domain"] == ["flag", "hold"]


def test_what_was_not_scored_is_in_no_range():
    found = Window(0.0, 1.0, NOON, NOON + timedelta(minutes=5)).filter(QueueFilter(), NOON)
    assert found.low is not None
    assert found.low > 0


def test_a_range_stays_within_what_the_address_names():
    found = Window(0.1, 0.9, NOON, NOON).filter(QueueFilter(low=0.3, high=0.6), NOON)
    assert (found.low, found.high) == (0.3, 0.6)
