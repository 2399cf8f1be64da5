"""Hostile text where Streamlit would read Markdown, and in tables: it can only be read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from moderation.text.visible import visible

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LONGEST_LABEL = 80


def label(text: str, *, longest: int = _LONGEST_LABEL) -> str:
    """Return a text for a place that parses Markdown, such as a widget's label: one line of letters, no more.

    Every mark of punctuation is escaped, so that no link, image, colour, icon or formula is left.
    """
    line = " ".join(visible(text).split())
    short = line if len(line) <= longest else line[: longest - 1] + "…"
    return _PUNCTUATION.sub(r"\\\1", short)


def inert_value(value: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    """Return a value for a table: text with everything invisible made visible, anything else as it is."""
    return visible(value, keep="\n") if isinstance(value, str) else value


def table(
    rows: Sequence[Mapping[str, Any]],
    *,
    formats: Mapping[str, Any] | None = None,
    **options: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401 - what st.dataframe returns
    """Show rows as a table that sorts and searches; no cell is a link, an image or a widget.

    Args:
        rows: all with the same keys, which are the headings.
        formats: Streamlit's column configuration by heading, for numbers and times.
        options: for `st.dataframe`.
    """
    headings = list(rows[0]) if rows else []
    columns = {heading: [inert_value(row[heading]) for row in rows] for heading in headings}
    texts = {
        heading: st.column_config.TextColumn(heading)
        for heading, cells in columns.items()
        if any(isinstance(cell, str) for cell in cells)
    }
    config = {**texts, **(formats or {})}
    return st.dataframe(columns, column_config=config, hide_index=True, width="stretch", **options)
