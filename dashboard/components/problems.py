"""What goes wrong, told to whoever is at the page: never as a traceback, which could quote a comment."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.components.inert import label
from moderation.errors import ModerationError
from moderation.text.visible import visible


@contextmanager
def problems_told() -> Iterator[None]:
    """Show an error of ours in place of what follows in the block, and go on after it."""
    try:
        yield
    except ModerationError as error:
        problem(error)


def problem(error: ModerationError) -> None:
    """Show what happened, and what to do about it."""
    if "\n" in error.what:  # a ruleset's problems: source lines with carets under them
        st.error(label(f"{error.code}: see below"))
        st.code(visible(str(error), keep="\n"), language=None)
        return
    sentences = [error.what, *([error.hint] if error.hint else [])]
    st.error("  \n".join(label(sentence, longest=500) for sentence in sentences))
