"""A draft of the rules: written, looked at from all sides, made live."""

import streamlit as st

from dashboard import resources
from dashboard.components.heading import subheading
from dashboard.components.inert import table
from dashboard.components.problems import told
from dashboard.components.rulebook import COMPARED, Preview, apply, preview
from dashboard.components.rules_diff import show_diff
from moderation.authoring import TestReport
from moderation.cli.display.changes import in_words, short
from moderation.cli.display.visible import visible
from moderation.desk import User
from moderation.rules import Ruleset, render

_FILE = "draft_file_"


def draft(user: User, live: Ruleset) -> None:
    """Let an admin change the rules; nothing decides before it is made live."""
    if "draft" not in st.session_state:
        _start(live)
    text = st.text_area("rules.yaml", key="draft", height=460)
    files = {name: _word_list(number, name) for number, name in enumerate(live.files)}
    with st.container(horizontal=True):
        asked = st.button("Check and preview", type="primary")
        st.button("Start over from the live rules", on_click=_start, args=(live,))
    with told():
        if asked:
            with st.spinner(f"Checking, testing, comparing on the last {COMPARED:,} comments …"):
                st.session_state["preview"] = preview(text, files, live=live, store=resources.store())
        held: Preview | None = st.session_state.get("preview")
        if held is not None and held.text == text:
            _show(user, held)


def _start(live: Ruleset) -> None:
    st.session_state["draft"] = live.source
    for number, text in enumerate(live.files.values()):
        st.session_state[f"{_FILE}{number}"] = text
    st.session_state.pop("preview", None)


def _word_list(number: int, name: str) -> str:
    with st.expander(f"Word list {number + 1}"):
        st.text(visible(name))
        return st.text_area("Entries", key=f"{_FILE}{number}", height=200)


def _show(user: User, found: Preview) -> None:
    if found.problems:
        st.code(visible(render(found.problems), keep="\n"), language=None)
    if found.ruleset is None or found.tests is None or found.changes is None:
        st.error("Correct the errors first: the rules that are live stay as they are.")
        return
    st.text(f"Rules: {visible(in_words(found.changes))}")
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
                f"{short(made.ruleset)} is live." if made else "It is live already."
            )
            st.session_state.pop("preview", None)
            st.rerun()
