"""All that happened to a comment, in order of time."""

import json
from collections.abc import Callable
from html import escape

import streamlit as st

from dashboard.components.comment import chip, facts_line
from dashboard.components.diff import changed
from dashboard.components.highlight import highlighted
from moderation.desk import Appeal, CommentHistory, Revision
from moderation.domain import Action, Reason, StoredDecision, StoredVerdict, VerdictKind
from moderation.public_form import decision_to_dict
from moderation.text.visible import visible

Event = Revision | StoredDecision | StoredVerdict | Appeal

_DONE = {
    VerdictKind.APPROVE: "approved it",
    VerdictKind.REJECT: "rejected it",
    VerdictKind.ESCALATE: "asked for an admin",
    VerdictKind.SKIP: "skipped it",
    VerdictKind.UNDO: "took a verdict back",
}
_COLOURS = {VerdictKind.APPROVE: Action.APPROVE, VerdictKind.REJECT: Action.REJECT}
_TAKEN_BACK = {VerdictKind.APPROVE, VerdictKind.REJECT, VerdictKind.ESCALATE}


def timeline(history: CommentHistory, undo: Callable[[int], None]) -> None:
    """Show every event, oldest first; a verdict that stands has a button that takes it back."""
    undone = {verdict.undoes for verdict in history.verdicts}
    before = ""
    for event in history.events:
        with st.container(border=True):
            match event:
                case Revision():
                    _revision(event, before)
                    before = event.comment.text
                case StoredDecision():
                    _decision(event)
                case StoredVerdict():
                    _verdict(event, undone=event.id in undone, undo=undo)
                case Appeal():
                    _appeal(event)


def _revision(event: Revision, before: str) -> None:
    edited = event.comment.revision > 0
    what = f"Revision {event.comment.revision}" if edited else "Written"
    text = changed(before, event.comment.text) if before else highlighted(event.comment.text)
    st.html(facts_line([f"{event.received_at:%Y-%m-%d %H:%M:%S}", what, f"#{event.comment_id}"]) + text)


def _decision(decision: StoredDecision) -> None:
    who = f"{decision.by} had it decided again" if decision.by else "The rules decided"
    line = facts_line([f"{decision.created_at:%Y-%m-%d %H:%M:%S}", who], chip(decision.action))
    reasons = [_reason(chip(reason.action), reason) for reason in decision.reasons]
    shadow = [
        _reason(chip(reason.action, f"in the shadow: {reason.action}"), reason) for reason in decision.shadow
    ]
    st.html("".join([line, *reasons, *shadow]))
    with st.expander("As the engineer got it"):
        document = json.dumps(decision_to_dict(decision), ensure_ascii=False, indent=2)
        st.code(visible(document, keep="\n"), language="json", height=320)


def _reason(action: str, reason: Reason) -> str:
    rule, message = escape(visible(reason.rule)), escape(visible(reason.message))
    return f'<p class="reason">{action}<code>{rule}</code> <bdi>{message}</bdi></p>'


def _verdict(event: StoredVerdict, *, undone: bool, undo: Callable[[int], None]) -> None:
    moment = f"{event.created_at:%Y-%m-%d %H:%M:%S}"
    what = _DONE[event.kind] + (", unseen by others" if event.blind else "")
    took = f"in {event.seconds:.0f} s" if event.seconds else ""
    batch = "with others" if event.batch else ""
    back = "taken back since" if undone else ""
    colour = _COLOURS.get(event.kind)
    first = chip(colour, event.kind.value) if colour else ""
    st.html(facts_line([moment, f"{event.by} {what}", event.reason, took, batch, back], first))
    if event.note:
        st.text(visible(event.note, keep="\n"))
    if event.kind in _TAKEN_BACK and not undone and not event.blind:
        st.button("Undo", key=f"undo_{event.id}", on_click=undo, args=(event.id,))


def _appeal(event: Appeal) -> None:
    st.html(facts_line([f"{event.created_at:%Y-%m-%d %H:%M:%S}", "The author objected"]))
    st.text(visible(event.message, keep="\n"))
    if event.answer:
        answered = f"{event.answered_at:%Y-%m-%d %H:%M:%S}" if event.answered_at else ""
        st.html(facts_line([answered, f"{event.answered_by} answered: {event.answer}", event.note]))
