"""Overview: what comes in, what is decided, how fast and how well, per day."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboard import resources
from dashboard.components import charts, figures
from dashboard.components.counters import counters, figures_line
from dashboard.components.heading import heading
from dashboard.components.panel import panel
from dashboard.login.current_user import require_user
from moderation.desk import Overview

PERIODS = {"7 days": 7, "30 days": 30, "90 days": 90}


@st.cache_data(ttl=60, max_entries=8, show_spinner="Counting …")
def overview(days: int, today: str) -> Overview:
    """Return the figures of the last days; a minute old at most, however many look."""
    del today  # part of the key: at midnight there is a new day
    return resources.desk().overview(datetime.now(UTC) - timedelta(days=days - 1))


require_user()
heading("Overview", "Days are UTC. Figures are at most a minute old; the counters refresh by themselves.")
counters()
chosen = st.segmented_control(
    "Period", list(PERIODS), default="30 days", label_visibility="collapsed", required=True
)
found = overview(PERIODS[chosen], f"{datetime.now(UTC):%Y-%m-%d}")
days = found.days
figures_line(figures.period(found))
panels = (
    ("Comments that came in, by decision", "", charts.by_action, figures.decisions(days)),
    ("Moderators' verdicts", "", charts.by_verdict, figures.verdicts(days)),
    ("Queue", "Bars: added on a day. Line: waiting at its end.", charts.queue_size, figures.queue(days)),
    ("Seconds per decision", figures.NEWSROOM, charts.pace, figures.pace(days)),
    ("Second opinions", figures.AGREEMENT, charts.agreement, figures.agreement(days)),
    ("Rules that moderators reverse", figures.REVERSED, charts.reversed_rules, figures.reversals(found)),
    ("Checks without an answer", "Percent of runs.", charts.no_answer, figures.checks(days)),
    ("Time of each check", "Mean, in milliseconds.", charts.mean_times, figures.checks(days)),
    ("Languages", "", charts.by_language, figures.languages(days)),
)
for first in range(0, len(panels), 2):
    pair = panels[first : first + 2]
    for column, (title, says, draw, rows) in zip(st.columns(2), pair, strict=False):  # the last is alone
        with column:
            panel(title, says, draw, rows)
