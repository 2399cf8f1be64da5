"""The charts of the overview and of triage. They draw figures and names, never a comment's text."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import altair as alt

from dashboard.components.figures import LARGE_NEWSROOM_S
from dashboard.components.panel import HEIGHT, Rows, plain_value
from moderation.domain import Action, VerdictKind

_BARS = 12  # rules that are drawn; the table has all
_GREEN, _YELLOW, _ORANGE, _RED, _BLUE, _GREY, _VIOLET, _TEAL = (
    *("#2f9e63", "#d9a514", "#e2711d", "#cf3f4f"),
    *("#3b7ddd", "#8a929e", "#8659c9", "#2a9d9d"),
)
ACTION_COLOURS = {
    Action.APPROVE: _GREEN,
    Action.FLAG: _YELLOW,
    Action.HOLD: _ORANGE,
    Action.REJECT: _RED,
}
"""Colour of each action, legible on a light and on a dark page."""

_VERDICT_COLOURS = {
    VerdictKind.APPROVE: _GREEN,
    VerdictKind.REJECT: _RED,
    VerdictKind.ESCALATE: _VIOLET,
    VerdictKind.SKIP: _GREY,
    VerdictKind.UNDO: _BLUE,
}
_OTHERS = [_BLUE, _ORANGE, _TEAL, _VIOLET, _YELLOW, _RED, _GREY]

Drawing = alt.Chart | alt.LayerChart


def by_action(rows: Rows) -> Drawing:
    """Stack the comments of each day by what the rules decided."""
    return _stacked(rows, "decided", ACTION_COLOURS)


def by_verdict(rows: Rows) -> Drawing:
    """Stack the verdicts of each day by kind."""
    return _stacked(rows, "verdict", _VERDICT_COLOURS)


def by_language(rows: Rows) -> Drawing:
    """Stack the comments of each day by language."""
    codes = dict.fromkeys(row["language"] for row in rows)
    return _stacked(rows, "language", dict(zip(codes, _OTHERS, strict=False)))


def queue_size(rows: Rows) -> Drawing:
    """Draw what was queued on each day as bars, and what waited at its end as a line."""
    base = _chart(rows).encode(x=_day(rows), tooltip=_tips(rows))
    bars = base.mark_bar(color=_BLUE, opacity=0.45).encode(y=alt.Y("queued:Q", title=None))
    line = base.mark_line(color=_ORANGE, point=alt.OverlayMarkDef(color=_ORANGE)).encode(y="waiting:Q")
    return _sized(bars + line)


def pace(rows: Rows) -> Drawing:
    """Draw the seconds per decision beside those of a large newsroom."""
    kinds = alt.Scale(domain=["median", "90th percentile"], range=[_BLUE, _GREY])
    lines = (
        _chart(rows)
        .mark_line(point=True)
        .encode(
            x=_day(rows),
            y=alt.Y("seconds:Q", title=None),
            color=alt.Color("measure:N", scale=kinds, title=None, legend=_legend()),
            tooltip=_tips(rows),
        )
    )
    newsroom = _chart([{"s": LARGE_NEWSROOM_S}])
    rule = newsroom.mark_rule(strokeDash=[5, 4], color=_RED).encode(y="s:Q")
    return _sized(lines + rule)


def agreement(rows: Rows) -> Drawing:
    """Draw kappa as a line over the number of pairs it was reckoned from: few of them say little."""
    base = _chart(rows).encode(x=_day(rows), tooltip=_tips(rows))
    pairs = alt.Y("pairs:Q", title="pairs", axis=alt.Axis(tickMinStep=1, grid=False, orient="right"))
    kappa = alt.Y("kappa:Q", title="kappa", scale=alt.Scale(domain=[-1, 1]))
    bars = base.mark_bar(color=_GREY, opacity=0.35).encode(y=pairs)
    line = base.mark_line(color=_BLUE, point=alt.OverlayMarkDef(color=_BLUE)).encode(y=kappa)
    return _sized(alt.layer(bars, line).resolve_scale(y="independent"))


def reversed_rules(rows: Rows) -> Drawing:
    """Draw the share of each rule's comments that moderators let through."""
    worst = rows[:_BARS]
    return _sized(
        _chart(worst)
        .mark_bar(color=_ORANGE)
        .encode(
            x=alt.X("reversed, %:Q", title=None, scale=alt.Scale(domain=[0, 100])),
            y=alt.Y("rule:N", sort=None, title=None, axis=alt.Axis(labelLimit=180, labelOverlap=False)),
            tooltip=_tips(rows),
        ),
        height=max(HEIGHT, 26 * len(worst) + 30),
    )


def no_answer(rows: Rows) -> Drawing:
    """Draw the share of each check's runs that failed or timed out."""
    return _by_check(rows, "no answer, %")


def mean_times(rows: Rows) -> Drawing:
    """Draw how long each check takes."""
    return _by_check(rows, "mean ms")


def _by_check(rows: Rows, figure: str) -> Drawing:
    highest = max(1, *(row[figure] for row in rows))  # where all are 0 there is no scale
    return _sized(
        _chart(rows)
        .mark_line(point=True)
        .encode(
            x=_day(rows),
            y=alt.Y(f"{figure}:Q", title=None, scale=alt.Scale(domain=[0, highest], nice=True)),
            color=alt.Color("check:N", scale=alt.Scale(range=_OTHERS), title=None, legend=_legend()),
            tooltip=_tips(rows),
        )
    )


def _stacked(rows: Rows, kind: str, colours: Mapping[Any, str]) -> Drawing:
    present = {row[kind] for row in rows}
    wanted = {str(name): colour for name, colour in colours.items() if str(name) in present}
    scale = alt.Scale(domain=list(wanted), range=list(wanted.values()))
    return _sized(
        _chart(rows)
        .mark_bar()
        .encode(
            x=_day(rows),
            y=alt.Y("comments:Q", title=None),
            color=alt.Color(f"{kind}:N", scale=scale, title=None, legend=_legend()),
            tooltip=_tips(rows),
        )
    )


def _day(rows: Rows) -> alt.X:
    """Return the axis of days, a week of them at least: a bar is a day wide, in UTC like the figures."""
    last = max(row["day"] for row in rows)
    first = min(last - timedelta(days=6), *(row["day"] for row in rows))
    ends = [
        alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)
        for day in (first, last + timedelta(days=1))
    ]
    return alt.X(
        "utcyearmonthdate(day):T",
        title=None,
        scale=alt.Scale(domain=ends),
        axis=alt.Axis(format="%-d %b", labelOverlap=True, tickCount=7),
    )


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", columns=4, symbolLimit=8, offset=6, padding=0)


def _tips(rows: Rows) -> list[alt.Tooltip]:
    """Show a row's own figures under the pointer: Vega escapes what it shows, and a link is no link there."""
    return [
        alt.Tooltip(name, title=name, type="temporal", format="%-d %B %Y")
        if name == "day"
        else alt.Tooltip(name, title=name, type="nominal")
        for name in rows[0]
    ]


def _chart(rows: Rows) -> alt.Chart:
    values = [{name: plain_value(value) for name, value in row.items()} for row in rows]
    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call] # Altair has no types here


def _sized(chart: Drawing, height: int = HEIGHT) -> Drawing:
    padding = {"left": 4, "right": 8, "top": 2, "bottom": 2}
    sized: Drawing = chart.properties(height=height, width="container", padding=padding)
    return sized
