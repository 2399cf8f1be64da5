"""A comment typed by hand, and what was decided about it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

import streamlit as st

from dashboard.components.comment import chip, facts_line
from dashboard.components.heading import subheading
from dashboard.components.highlight import highlighted
from moderation.comment_files.columns import parse_age
from moderation.domain import Action, Author, Comment, Decision
from moderation.pipeline import written_at
from moderation.rules import Ruleset
from moderation.rules.schema.thresholds import Levels
from moderation.rules.whatif import thresholds_for, weigh_with
from moderation.text.visible import visible

_NEVER = 1.01
"""Where a slider says that the action is never taken: no score is so high."""

_STEP = 0.01
_LEVELS = (Action.FLAG, Action.HOLD, Action.REJECT)
_ANSWERS = {"Unknown": None, "Yes": True, "No": False}
_OUTCOMES = {
    Action.APPROVE: "Your comment is published.",
    Action.FLAG: "Your comment is published.",
    Action.HOLD: "Your comment waits for a moderator.",
    Action.REJECT: "Your comment is not published.",
}


def comment_fields() -> Comment:
    """Ask for a comment and who writes it, inside a form.

    Raises:
        InvalidCommentError: the account's age can't be read.
    """
    text = st.text_area("Comment", height=110, max_chars=20_000, key="text")
    with st.expander("Where and by whom"):
        where, who, record = st.columns(3)
        with where:
            site = st.text_input("Site", value="default", max_chars=200)
            thread = st.text_input("Thread", max_chars=1_000)
            locale = st.text_input("Locale", placeholder="en, ko …", max_chars=20)
        with who:
            name = st.text_input("Author's id", max_chars=200)
            account_age = st.text_input("Account age", placeholder="3 days", max_chars=40)
            trusted = _ANSWERS[st.selectbox("Trusted by the site", list(_ANSWERS))]
        with record:
            approved = st.number_input("Comments approved so far", min_value=0, value=None, step=1)
            rate = st.number_input("Share rejected, 0–1", min_value=0.0, max_value=1.0, value=None)
            moderator = _ANSWERS[st.selectbox("Moderates the site", list(_ANSWERS))]
    author = Author(
        id=name or "somebody",
        account_age=parse_age(account_age) if account_age else None,
        approved_comments=approved,
        rejection_rate=rate,
        is_trusted=trusted,
        is_moderator=moderator,
    )
    return Comment(
        text,
        site or "default",
        thread=thread or None,
        author=author,
        created_at=datetime.now(UTC),  # so that `what_if` asks about the same moment
        locale=locale or None,
    )


def author_view(comment: Comment, decision: Decision) -> None:
    """Show the author's side: their words with what was found in them, what happens to them, and why."""
    st.html(highlighted(comment.text, decision.reasons))
    reasons = () if decision.published else decision.reasons
    lines = list(dict.fromkeys(reason.message for reason in reasons)) or [_OUTCOMES[decision.action]]
    told = "".join(f'<p class="told"><bdi>{escape(visible(line))}</bdi></p>' for line in lines)
    st.html(f'<p class="told">{chip(decision.action)}</p>{told}')


def what_if(ruleset: Ruleset, comment: Comment, decision: Decision) -> None:
    """Show what other thresholds would have made of the same scores."""
    with st.container(border=True):
        subheading(
            "What if", "Other thresholds on the same scores; nothing is scored again, nothing is changed."
        )
        if not decision.scores:
            st.text("This comment was not scored, so thresholds say nothing about it.")
            return
        own = thresholds_for(ruleset, decision.language.code)
        asked = _sliders(own, decision.scores)
        weighed = weigh_with(ruleset, asked, comment, decision.checks, now=written_at(comment))
        change = "as it is" if weighed.action is decision.action else f"instead of {decision.action}"
        rules = "".join(
            f'<p class="reason">{chip(reason.action)}<code>{escape(visible(reason.rule))}</code></p>'
            for reason in weighed.reasons
        )
        st.html(f'<p class="told">{chip(weighed.action)}{escape(change)}</p>{rules}')


def _sliders(own: Mapping[str, Levels], scores: Mapping[str, float]) -> dict[str, Levels]:
    ordered = sorted(scores, key=lambda attribute: -scores[attribute])
    tabs = st.tabs([f"{attribute.replace('_', ' ')} {scores[attribute]:.2f}" for attribute in ordered])
    asked = {}
    for tab, attribute in zip(tabs, ordered, strict=True):
        with tab:
            asked[attribute] = _levels(attribute, own.get(attribute, Levels()))
    return asked


def _levels(attribute: str, own: Levels) -> Levels:
    chosen: dict[str, Any] = {}
    for column, action in zip(st.columns(len(_LEVELS)), _LEVELS, strict=True):
        begins = getattr(own, action.value)
        with column:
            score = st.slider(
                f"{action} from",
                min_value=0.0,
                max_value=_NEVER,
                value=_NEVER if begins is None else begins,
                step=_STEP,
                key=f"what_if_{attribute}_{action}",
            )
            if score >= _NEVER:
                st.html(facts_line(["never"]))
        chosen[action.value] = None if score >= _NEVER else score
    return Levels.model_construct(**chosen)
