"""Overview: what comes in, what is decided, how fast and how well, per day."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboard import resources
from dashboard.components import charts, figures
from dashboard.components.counters import counters
from dashboard.components.heading import heading
from dashboard.session import require_user
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
left, right = st.columns(2)
with left:
    rows = figures.decisions(found.days)
    charts.panel("Comments that came in, by decision", charts.by_action(rows), rows)
    rows = figures.queue(found.days)
    charts.panel("Queue: added (bars), waiting at the day's end (line)", charts.queue_size(rows), rows)
    rows = figures.languages(found.days)
    charts.panel("Languages", charts.by_language(rows), rows)
    rows = figures.checks(found.days)
    charts.panel("Checks without an answer", charts.check_times(rows, "no answer, %"), rows)
with right:
    rows = figures.verdicts(found.days)
    charts.panel("Moderators' verdicts", charts.by_verdict(rows), rows)
    rows = figures.pace(found.days)
    charts.panel("Seconds per decision", charts.pace(rows), rows, says=figures.pace_says(found))
    rows = figures.reversals(found)
    says = figures.agreement_says(found.agreement)
    charts.panel("Rules that moderators reverse", charts.reversed_rules(figures.worst(rows)), rows, says=says)
    rows = figures.checks(found.days)
    charts.panel("Time of each check", charts.check_times(rows, "mean ms"), rows)
