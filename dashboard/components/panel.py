"""A chart of the overview in its frame, with its figures as a table behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.heading import subheading
from dashboard.components.inert import table

HEIGHT = 220
"""Height of a chart in pixels."""

Rows = Sequence[Mapping[str, Any]]


def panel(title: str, says: str, draw: Callable[[Rows], Any], rows: Rows) -> None:
    """Show a chart with its figures in a table one click away.

    Args:
        title: a heading of ours.
        says: a sentence of ours on how to read the chart.
        draw: makes the chart of the rows, where there are any.
        rows: the table.
    """
    with st.container(border=True, height="stretch"):
        subheading(title, says)
        if not rows:
            st.text("Nothing in this period yet.")
            return
        drawn, figures = st.tabs(["Chart", "Table"])
        with drawn:
            st.altair_chart(draw(rows), width="stretch")
        with figures:
            table(
                [{name: plain_value(value) for name, value in row.items()} for row in rows],
                height=HEIGHT + 30,
            )


def plain_value(value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    """Return a day as text, as charts and tables take it, and anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value
