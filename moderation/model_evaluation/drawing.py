"""Draws one chart as SVG that stands inside a page, readable on white and on black."""

import io
import re
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

INK = "#888888"  # readable on white and on black
_LOOK: Any = {
    "svg.hashsalt": "moderation",
    "svg.fonttype": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "font.size": 9,
    "legend.frameon": False,
}
COLOURS = ("#3b82f6", "#f59e0b", "#10b981", "#ef4444", "#8b5cf6", "#14b8a6")


def drawing(
    title: str,
    x: str,
    y: str,
    draw: Callable[[Any], None],
    *,
    size: tuple[float, float] = (3.9, 3.2),
) -> str:
    """Draw a chart.

    Args:
        title: what it shows.
        x: what the horizontal axis is.
        y: what the vertical axis is.
        draw: draws on matplotlib's axes.
        size: width and height in inches.
    """
    with mpl.rc_context(_LOOK):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.set_title(title, parse_math=False)
        axes.set(xlabel=x, ylabel=y)
        if axes.get_legend_handles_labels()[0]:
            axes.legend()
        svg = io.StringIO()
        figure.savefig(svg, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return re.sub(r"\A.*?(?=<svg)", "", svg.getvalue(), flags=re.DOTALL)
