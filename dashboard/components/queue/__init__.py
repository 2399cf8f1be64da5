"""The queue as a component of the browser: it holds some thirty comments, so the next one is there at once.

What it holds, sends and gets back goes by the routes of `api`, not through Streamlit, which would lose
a key that is pressed while the page runs.
"""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboard import resources
from moderation.desk import User
from moderation.domain import ATTRIBUTES

_HERE = Path(__file__).parent
_LOADER = """
// The modules come from our own address rather than inline, so that each is a file with tests of its own.
const { default: mount } = await import(new URL("/desk/scripts/queue.js", window.location.origin).href);
export default mount;
"""
_mount = st.components.v2.component(
    "moderation_queue",
    html=(_HERE / "queue.html").read_text(encoding="utf-8"),
    css=(_HERE / "queue.css").read_text(encoding="utf-8"),
    js=_LOADER,
)
MOST_REASONS = 9
"""Reasons that the keys 1 to 9 can name."""


def queue(user: User) -> None:
    """Show the queue of this moderator."""
    _mount(
        key="queue",
        data={
            "user": user.name,
            "admin": user.is_admin,
            "reasons": reasons(),
            "attributes": list(ATTRIBUTES),
        },
    )


def reasons() -> Sequence[str]:
    """Return what a rejection can be about: the site's own rules first, then what models score."""
    config = resources.ruleset().config
    rules = dict.fromkeys(rule.name for rule in config.rules)
    return [*rules, *(name for name in ATTRIBUTES if name not in rules)][:MOST_REASONS]
