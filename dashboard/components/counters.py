"""What waits in the queue, counted anew every few seconds without disturbing the page around it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboard import resources

_EVERY = timedelta(seconds=10)


@st.fragment(run_every=_EVERY)
def counters() -> None:
    """Show how much waits, since when, and how much of it is in hand."""
    counts = resources.desk().queue_counts()
    figures_line(
        {
            "Waiting": f"{counts.pending:,}",
            "Oldest": age(datetime.now(UTC) - counts.oldest) if counts.oldest else "–",
            "In hand": f"{counts.leased:,}",
            "Escalated": f"{counts.escalated:,}",
            "Open appeals": f"{counts.appeals:,}",
        }
    )


def figures_line(figures: Mapping[str, str]) -> None:
    """Show figures side by side, each under its name; all of it is ours, not a comment's."""
    with st.container(horizontal=True, gap="small"):
        for name, figure in figures.items():
            st.metric(name, figure, border=True, width=165)


def age(waited: timedelta) -> str:
    """Write how long something has waited, in its largest unit."""
    seconds = max(0, int(waited.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
