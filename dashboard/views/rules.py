"""Rules: what decides, what it does, what a change of it would do; an admin changes it."""

import streamlit as st

from dashboard import resources
from dashboard.components.heading import heading
from dashboard.components.problems import problems_told
from dashboard.components.rules_draft import draft
from dashboard.components.rules_live import live_rules
from dashboard.components.rules_log import log
from dashboard.components.rules_report import rules_report
from dashboard.login.current_user import require_user
from moderation.store import live_change

user = require_user()
says = "What decides about comments, and what a change of it would do."
heading("Rules", says if user.is_admin else f"{says} Admins change it.")
if said := st.session_state.pop("rules_said", ""):
    st.text(said)
with problems_told():
    moderator = resources.moderator()
    live = moderator.pipeline.ruleset
    with resources.store().reading() as session:
        change = live_change(session=session)
    names = ["In use", "What rules do", "Log", *(["Edit"] if user.is_admin else [])]
    tabs = dict(zip(names, st.tabs(names, key="tab", bind="query-params"), strict=True))
    with tabs["In use"], problems_told():
        if tabs["In use"].open:
            live_rules(live, change, moderator.rules_problem)
    with tabs["What rules do"], problems_told():
        if tabs["What rules do"].open:
            rules_report(live)
    with tabs["Log"], problems_told():
        if tabs["Log"].open:
            log(user)
    if user.is_admin:
        with tabs["Edit"], problems_told():  # always: a draft that isn't shown would be forgotten
            draft(user, moderator)
