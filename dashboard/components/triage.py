"""The queue as dots of score and time, and the range that was brushed on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import altair as alt
import pandas as pd

from dashboard.components.charts import ACTION_COLOURS
from moderation.desk import Desk, Point, QueueFilter, Spread

MOST_DOTS = 5_000
"""Dots that are drawn: a browser draws more, but no eye tells them apart."""

SAMPLES = 8
"""Comments of a range that are shown before it is decided."""

BRUSH = "range"
"""Name of the selection in the chart, and in what Streamlit reports of it."""

_LEAST_SCORE = 1e-6
"""What nothing scored has no place on the chart, and no range reaches it: it is no mild comment."""


@dataclass(frozen=True, slots=True)
class Window:
    """A range of the chart, bounds included: scores 0–1, and when comments were queued, UTC."""

    low: float
    high: float
    since: datetime
    until: datetime

    def filter(self, base: QueueFilter, as_of: datetime) -> QueueFilter:
        """Return the part of the queue that it is; ages count back from `as_of`."""
        return replace(
            base,
            low=max(self.low, base.low or 0, _LEAST_SCORE),
            high=min(self.high, 1.0 if base.high is None else base.high),
            max_age=as_of - self.since,
            min_age=max(as_of - self.until, timedelta()),
        )


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as it was when the chart was drawn; what came later is in no range of it.

    Attributes:
        base: the part of the queue that the address names, and whose score is drawn.
        as_of: when it was looked at, UTC.
        scored: how many comments have a score, with those that are drawn.
        unscored: how many have none.
    """

    base: QueueFilter
    as_of: datetime
    scored: Spread
    unscored: int

    @classmethod
    def load(cls, base: QueueFilter, desk: Desk, as_of: datetime) -> "Queue":
        """Look at the queue.

        Raises:
            StoreError: the database can't be used.
        """
        scored = replace(base, low=max(base.low or 0, _LEAST_SCORE))
        found = desk.spread(scored, as_of=as_of, most=MOST_DOTS)
        everything = desk.spread(base, as_of=as_of, most=0)
        return cls(base, as_of, found, everything.count - found.count)

    def inside(self, window: Window, desk: Desk) -> Spread:
        """Count a range, and take samples of it."""
        return desk.spread(window.filter(self.base, self.as_of), as_of=self.as_of, most=SAMPLES)

    @property
    def whole(self) -> Window:
        """The range that holds everything, to whole minutes."""
        oldest, newest = self.scored.oldest or self.as_of, self.scored.newest or self.as_of
        return Window(0.0, 1.0, _minute(oldest), _minute(newest) + timedelta(minutes=1))


def scatter(points: Sequence[Point], *, score: str) -> alt.Chart:
    """Draw points, with a brush that selects by score and time."""
    frame = pd.DataFrame(
        {
            "queued": [point.created_at for point in points],
            "score": [point.score for point in points],
            "action": [point.action.value for point in points],
        }
    )
    present = [action for action in ACTION_COLOURS if any(point.action is action for point in points)]
    colours = alt.Scale(
        domain=[action.value for action in present], range=[ACTION_COLOURS[action] for action in present]
    )
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_circle(size=34, opacity=0.55)
        .encode(
            x=alt.X(
                "queued:T",
                title="queued, UTC",
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(format="%-d %b %H:%M", tickCount=8, labelOverlap=True),
            ),
            y=alt.Y("score:Q", title=score, scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("action:N", scale=colours, title=None, legend=alt.Legend(orient="top")),
            tooltip=[
                alt.Tooltip("score:Q", format=".3f"),
                alt.Tooltip("action:N"),
                alt.Tooltip("queued:T", format="%-d %b %H:%M"),
            ],
        )
        .add_params(alt.selection_interval(name=BRUSH, encodings=["x", "y"]))
        .properties(height=420, width="container")
    )
    return chart


def brushed(selection: Mapping[str, Any], whole: Window) -> Window | None:
    """Read what Streamlit reports of the brush; `None` where nothing is brushed."""
    found = selection.get(BRUSH) or {}
    if "score" not in found or "queued" not in found:
        return None
    low, high = sorted(float(score) for score in found["score"])
    since, until = sorted(datetime.fromtimestamp(ms / 1000, UTC) for ms in found["queued"])
    return Window(
        max(0.0, round(low, 3)),
        min(1.0, round(high, 3)),
        max(whole.since, _minute(since)),
        min(whole.until, _minute(until) + timedelta(minutes=1)),
    )


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
