"""The head of a page, with the styles that all of our own HTML shares."""

from html import escape
from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).with_name("pages.css")


def heading(title: str, says: str = "") -> None:
    """Show a page's title, and what it is for."""
    st.html(_STYLE)
    st.html(
        f'<h1 class="page">{escape(title)}</h1>' + (f'<p class="page">{escape(says)}</p>' if says else "")
    )


def subheading(title: str, says: str = "") -> None:
    """Show the title of a part of a page, and how to read it."""
    st.html(
        f'<h2 class="panel">{escape(title)}</h2>' + (f'<p class="panel">{escape(says)}</p>' if says else "")
    )
