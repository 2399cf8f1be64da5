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


def test_what_was_not_scored_is_no_mild_comment():
    points = [point(1, 0.0), point(2, 0.001)]
    assert [one.item for one in triage.scored(points)] == [2]
    everything = triage.everything(points).filter(QueueFilter(), NOON)
    assert everything.low is not None
    assert everything.low > 0


def test_a_large_queue_is_drawn_by_the_same_sample_each_time():
    points = [point(item) for item in range(1, 30_001)]
    drawn = triage.drawn(points)
    assert len(drawn) == triage.MOST_DOTS
    kept = triage.drawn([one for one in points if one.item % 10])
    assert len({one.item for one in drawn} & {one.item for one in kept}) > 0.85 * triage.MOST_DOTS
    halves = sum(one.item <= 15_000 for one in drawn)
    assert abs(halves - triage.MOST_DOTS / 2) < 100


def test_a_small_queue_is_drawn_whole():
    points = [point(2), point(1)]
    assert triage.drawn(points) == points


def test_a_window_holds_its_bounds():
    window = Window(0.4, 0.6, NOON, NOON + timedelta(minutes=5))
    assert [
        window.holds(point(1, score, minutes)) for score, minutes in ((0.4, 0), (0.6, 5), (0.61, 1), (0.5, 6))
    ] == [
        True,
        True,
        False,
        False,
    ]


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
