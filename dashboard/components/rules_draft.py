"""A draft of the rules: written, looked at from all sides, made live."""

import streamlit as st

from dashboard import resources
from dashboard.components.heading import subheading
from dashboard.components.inert import label, table
from dashboard.components.problems import problems_told
from dashboard.components.rulebook import COMPARED, Preview, apply, preview
from dashboard.components.rules_diff import show_diff
from moderation.desk import User
from moderation.moderator import Moderator
from moderation.rollout.wording import changes_in_words, short_hash
from moderation.rule_tests import TestReport
from moderation.rules import Ruleset, render
from moderation.text.visible import visible

_FILE, _NAMES = "draft_file_", "draft_names"


def draft(user: User, moderator: Moderator) -> None:
    """Let an admin change the rules; nothing decides before it is made live."""
    live = moderator.pipeline.ruleset
    if "draft" not in st.session_state:
        _start(live)
    text = st.text_area("rules.yaml", key="draft", height=460)
    files = {name: _file(number, name) for number, name in enumerate(st.session_state[_NAMES])}
    with st.container(horizontal=True):
        asked = st.button("Check and preview", type="primary")
        st.button("Start over from the live rules", on_click=_start, args=(live,))
    with problems_told():
        if asked:
            with st.spinner(f"Checking, testing, comparing on the last {COMPARED:,} comments …"):
                st.session_state["preview"] = preview(
                    text, files, moderator=moderator, store=resources.store()
                )
        held: Preview | None = st.session_state.get("preview")
        if held is not None and (held.text, held.files) == (text, files):
            _show(user, held)


def _start(live: Ruleset) -> None:
    st.session_state["draft"] = live.source
    st.session_state[_NAMES] = list(live.files)  # the draft's own: others may become live meanwhile
    for number, text in enumerate(live.files.values()):
        st.session_state[f"{_FILE}{number}"] = text
    st.session_state.pop("preview", None)


def _file(number: int, name: str) -> str:
    with st.expander(label(name)):
        return st.text_area("Its text", key=f"{_FILE}{number}", height=200)


def _show(user: User, found: Preview) -> None:
    if found.problems:
        st.code(visible(render(found.problems), keep="\n"), language=None)
    if found.ruleset is None or found.tests is None or found.changes is None:
        st.error("Correct the errors first: the rules that are live stay as they are.")
        return
    st.text(f"Rules: {visible(changes_in_words(found.changes))}")
    _tests(found.tests)
    if found.diff is not None:
        show_diff(found.diff)
    _make_live(user, found)


def _tests(report: TestReport) -> None:
    failed = f", {len(report.failures):,} failed" if report.failures else ", all as expected"
    st.text(f"Examples: {report.ran:,} tried{failed if report.ran else ''}.")
    if report.untested:
        st.text(f"Without an example: {visible(', '.join(report.untested))}")
    if report.failures:
        table(
            [
                {
                    "line": failure.line,
                    "rule": failure.rule,
                    "text": failure.text,
                    "expected": failure.expected,
                    "happened": failure.happened,
                }
                for failure in report.failures
            ]
        )


def _make_live(user: User, found: Preview) -> None:
    if not found.usable:
        st.error("An example failed: correct the rule or the example first.")
        return
    with st.form("make_live"):
        subheading("Make it live", "It decides in every process within two seconds. The log names you.")
        message = st.text_input("Why, for the log", max_chars=300)
        if st.form_submit_button("Make it live"):
            made = apply(user, found, message, store=resources.store())
            st.session_state["rules_said"] = (
                f"{short_hash(made.ruleset)} is live." if made else "It is live already."
            )
            st.session_state.pop("preview", None)
            st.rerun()
