"""What surrounds every page: quiet chrome, and who is logged in."""

import html
from pathlib import Path

import streamlit as st

from moderation.desk import User
from moderation.settings import settings

_STYLE = Path(__file__).with_name("shell.css")


def shell_style() -> None:
    """Make Streamlit's frame dense and quiet."""
    st.html(_STYLE)


def account_line(user: User) -> None:
    """Show at the page's end who is logged in, and the way out."""
    ways = {"Password": "/auth/password", "Log out": "/auth/logout"}
    if settings().oidc:
        del ways["Password"]
    links = "".join(f' · <a href="{to}" target="_self">{name}</a>' for name, to in ways.items())
    st.html(f'<footer class="account">{html.escape(user.name)} · {user.role}{links}</footer>')
