"""One comment: where it stands, what can be done about it, and all that happened to it."""

from uuid import uuid4

import streamlit as st

from dashboard.components.comment import chip, comment_card
from dashboard.components.heading import subheading
from dashboard.components.problems import problem, problems_told
from dashboard.components.timeline import timeline
from moderation.desk import Appeal, AppealAnswer, CommentHistory, Desk, User
from moderation.domain import Action, VerdictKind
from moderation.errors import ModerationError
from moderation.store import text_hash
from moderation.text.visible import visible

_KINDS = {"Approve": VerdictKind.APPROVE, "Reject": VerdictKind.REJECT}
_ANSWERS = {"Uphold the decision": AppealAnswer.UPHOLD, "Overturn it": AppealAnswer.OVERTURN}


def record(desk: Desk, user: User, comment_id: int) -> None:
    """Show a comment by number.

    Raises:
        CommentNotFoundError: no comment has this number.
    """
    history = desk.history(comment_id)
    _notice()
    found, done = st.columns([3, 2])
    with found:
        comment_card(history.comment, first=_standing(history))
        subheading("What happened", "Times are UTC, oldest first.")
        timeline(history, lambda verdict: _undo(desk, user, verdict))
    with done:
        for appeal in history.appeals:
            if appeal.answer is None:
                _answer(desk, user, appeal)
        _decide(desk, user, history)


def _standing(history: CommentHistory) -> str:
    if history.published:
        return chip(Action.APPROVE, "published")
    return chip(Action.REJECT, "not published")


def _notice() -> None:
    """Show what a click came to: it was applied before this run of the page."""
    found = st.session_state.pop("record_notice", None)
    if isinstance(found, ModerationError):
        problem(found)
    elif found:
        st.text(visible(found))


def _decide(desk: Desk, user: User, history: CommentHistory) -> None:
    stored = history.comment
    with st.form(f"decide_{stored.id}"), problems_told():
        subheading("Decide it", "Whatever was decided before: the latest verdict stands.")
        why = st.text_input("Reason, where it is rejected", max_chars=200)
        told_colleagues = st.text_input("Note for colleagues", max_chars=1_000)
        with st.container(horizontal=True):
            pressed = [kind for name, kind in _KINDS.items() if st.form_submit_button(name)]
        if pressed:
            shown = text_hash(stored.comment.text)
            result = desk.judge(
                user, stored.id, pressed[0], reason=why, note=told_colleagues, text_hash=shown
            )
            st.session_state["record_notice"] = result.message
            st.rerun()


def _answer(desk: Desk, user: User, appeal: Appeal) -> None:
    with st.form(f"appeal_{appeal.id}"), problems_told():
        subheading("The author objects", "Whoever decided the comment can't answer.")
        st.text(visible(appeal.message, keep="\n"))
        note = st.text_input("Note for colleagues", max_chars=1_000)
        with st.container(horizontal=True):
            pressed = [answer for name, answer in _ANSWERS.items() if st.form_submit_button(name)]
        if pressed:
            desk.answer_appeal(user, appeal.id, pressed[0], note=note)
            st.rerun()


def _undo(desk: Desk, user: User, verdict: int) -> None:
    try:
        results = desk.undo(user, uid=str(uuid4()), verdict=verdict)
    except ModerationError as error:
        st.session_state["record_notice"] = error
    else:
        st.session_state["record_notice"] = " ".join(result.message for result in results)
