"""The widgets of triage: what is loaded, which range is meant, and the confirmation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import streamlit as st

from dashboard.components import triage
from dashboard.components.heading import subheading
from dashboard.components.triage import Queue, Window
from moderation.desk import Desk, QueueFilter, User
from moderation.domain import ATTRIBUTES, VerdictKind

_HIGHEST = "highest score"
_KINDS = {"Approve all": VerdictKind.APPROVE, "Reject all": VerdictKind.REJECT}


def load(desk: Desk) -> Queue:
    """Return the queue, loaded when the page is opened, when another score is chosen, and on demand.

    Raises:
        InvalidFilterError: the address names a part of the queue that can't be.
    """
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        names = [_HIGHEST, *ATTRIBUTES]
        chosen = st.selectbox("Score", names, format_func=lambda name: name.replace("_", " "), width=260)
    base = QueueFilter.from_query(st.query_params.to_dict())
    base = replace(base, attribute=None if chosen == _HIGHEST else chosen)
    with right:
        again = st.button("Load again", width="stretch")
    held = st.session_state.get("triage")
    if again or held is None or held.base != base:
        held = st.session_state["triage"] = Queue.load(base, desk, datetime.now(UTC))
        st.session_state["triage_round"] = st.session_state.get("triage_round", 0) + 1
    return held


def chosen_window(queue: Queue) -> Window | None:
    """Draw the chart and return the range that is meant: brushed, or set by the sliders below it."""
    count, drawn = queue.scored.count, queue.scored.points
    if not count:
        st.text("Nothing waits that has a score.")
        return None
    sampled = f", {len(drawn):,} of them drawn" if len(drawn) < count else ""
    unscored = f" {queue.unscored:,} more have no score and are not here." if queue.unscored else ""
    st.text(f"{count:,} comments wait{sampled}.{unscored}")
    whole = queue.whole
    chart, score = f"{_key('chart')}_{st.session_state.get(_key('redrawn'), 0)}", queue.base.attribute
    drawing = triage.scatter(drawn, score=(score or _HIGHEST).replace("_", " "))

    def brush() -> None:
        if chart not in st.session_state:
            return  # a late word of a chart that is gone: another queue was loaded since
        window = triage.brushed(st.session_state[chart].selection, whole)
        st.session_state[_key("window")] = window
        if window is not None:
            st.session_state[_key("score")] = (window.low, window.high)
            st.session_state[_key("time")] = (window.since, window.until)

    st.altair_chart(drawing, on_select=brush, key=chart, width="stretch")
    return _sliders(whole)


def _sliders(whole: Window) -> Window | None:
    """Show the range as numbers, which keys and fingers can set too."""

    def moved() -> None:
        if _key("score") not in st.session_state or _key("time") not in st.session_state:
            return  # likewise
        score, time = st.session_state[_key("score")], st.session_state[_key("time")]
        st.session_state[_key("window")] = Window(*score, *time)
        # another chart, without the brush that no longer holds
        st.session_state[_key("redrawn")] = st.session_state.get(_key("redrawn"), 0) + 1

    st.session_state.setdefault(_key("score"), (whole.low, whole.high))
    st.session_state.setdefault(_key("time"), (whole.since, whole.until))
    left, right = st.columns(2)
    with left:
        st.slider("Score", 0.0, 1.0, step=0.001, format="%.3f", key=_key("score"), on_change=moved)
    with right:
        st.slider(
            "Queued, UTC",
            whole.since,
            whole.until,
            step=timedelta(minutes=1),
            format="D MMM HH:mm",
            key=_key("time"),
            on_change=moved,
        )
    window: Window | None = st.session_state.get(_key("window"))
    return window


def _key(name: str) -> str:
    """Return the name of a widget or value of the queue that is loaded: another one begins anew."""
    return f"triage_{name}_{st.session_state.get('triage_round', 0)}"


def confirmation(desk: Desk, user: User, queue: Queue, window: Window, count: int) -> None:
    """Ask to type how many comments are meant, and decide all of them."""
    with st.form("triage_confirm", clear_on_submit=True):
        subheading("Decide all of it", f"To confirm, type how many comments this is about: {count}")
        number = st.text_input("Number of comments", max_chars=9, label_visibility="collapsed")
        policy = st.text_input("Reason, where they are rejected", max_chars=200)
        with st.container(horizontal=True):
            pressed = [
                kind for name, kind in _KINDS.items() if st.form_submit_button(name, disabled=not count)
            ]
    if not pressed:
        return
    if number.replace(",", "").strip() != str(count):
        st.error(f"Nothing was decided: type {count} to confirm.")
        return
    batch = str(uuid4())
    with st.spinner(f"Deciding {count:,} comments …"):
        part = window.filter(queue.base, queue.as_of)
        result = desk.decide_range(user, part, pressed[0], batch=batch, as_of=queue.as_of, reason=policy)
    verb = "approved" if pressed[0] is VerdictKind.APPROVE else "rejected"
    left = f" {result.left:,} were left: a colleague holds them, or they changed." if result.left else ""
    _reload(f"{result.applied:,} comments {verb}.{left}", batch if result.applied else None)


def last_range(desk: Desk, user: User) -> None:
    """Say what the last range came to, with the way back."""
    message, batch = st.session_state.get("triage_done", ("", None))
    if not message:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="triage_done_box"):
        st.text(message)
        if batch and st.button("Undo all of it"):
            with st.spinner("Taking it back …"):
                undone = desk.undo(user, uid=str(uuid4()), batch=batch)
            saved = sum(one.saved for one in undone)
            _reload(f"{saved:,} verdicts were taken back: the comments wait again.", None)


def _reload(message: str, batch: str | None) -> None:
    st.session_state["triage_done"] = message, batch
    st.session_state.pop("triage", None)
    st.rerun()
