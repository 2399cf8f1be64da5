"""A stored comment, shown to be read: its text with marks, and one line of facts."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from dashboard.components.highlight import highlighted
from moderation.domain import Action, Decision
from moderation.store import StoredComment
from moderation.text.visible import visible


def comment_card(stored: StoredComment, *, first: str = "") -> None:
    """Show a comment's text in a frame, with what the rules found in it.

    Args:
        stored: the comment.
        first: HTML of `chip`, in place of what the rules decided.
    """
    line = facts_line(facts(stored), first or chip(stored.decision.action))
    with st.container(border=True):
        st.html(line + highlighted(stored.comment.text, stored.decision.reasons))


def chip(action: Action, says: str = "") -> str:
    """Return an action as HTML, in its colour; it may say something else than its name."""
    return f'<span class="chip {action}">{escape(says or action.value)}</span>'


def facts(stored: StoredComment) -> list[str]:
    """Return what identifies a comment and what the rules made of it, each in a few words."""
    comment, decision = stored.comment, stored.decision
    author = comment.author and (comment.author.name or comment.author.id)
    written = stored.written_at.strftime("%Y-%m-%d %H:%M")
    return [
        f"#{stored.id}",
        *scores(decision),
        decision.language.code,
        comment.site,
        comment.thread or "",
        author or "",
        written,
    ]


def scores(decision: Decision) -> list[str]:
    """Return the highest score with its attribute, or nothing where nothing was scored."""
    if not decision.scores:
        return []
    attribute, score = max(decision.scores.items(), key=lambda item: item[1])
    return [f"{attribute} {score:.2f}"]


def facts_line(parts: Iterable[str], first: str = "") -> str:
    """Return a quiet line as HTML; every part of it is escaped. `first` is HTML already, of `chip`."""
    shown = " · ".join(f"<bdi>{escape(_short(part))}</bdi>" for part in parts if part)
    return f'<p class="facts">{first}{shown}</p>'


def _short(text: str, longest: int = 60) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
