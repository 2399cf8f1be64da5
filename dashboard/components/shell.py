"""What surrounds every page: quiet chrome, and who is logged in."""

import html
from pathlib import Path

import streamlit as st

from moderation.desk import User

_STYLE = Path(__file__).with_name("shell.css")


def shell_style() -> None:
    """Make Streamlit's frame dense and quiet."""
    st.html(_STYLE)


def account_line(user: User) -> None:
    """Show at the page's end who is logged in, and the way out."""
    st.html(
        f'<footer class="account">{html.escape(user.name)} · {user.role}'
        ' · <a href="/auth/password" target="_self">Password</a>'
        ' · <a href="/auth/logout" target="_self">Log out</a></footer>'
    )
