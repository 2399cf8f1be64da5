"""Try it: what would be decided about a comment, as the engineer and as its author get it."""

import json

import streamlit as st

from dashboard import resources
from dashboard.components import tryout
from dashboard.components.heading import heading, subheading
from dashboard.components.problems import problems_told
from dashboard.login.current_user import require_user
from moderation.public_form import decision_to_dict
from moderation.text.visible import visible

require_user()
heading("Try it", "Decides a comment by the rules that are live, and stores nothing.")
with st.form("comment"), problems_told():
    comment = tryout.comment_fields()
    if st.form_submit_button("Check", type="primary"):
        st.session_state["tried"] = comment, resources.moderator().check(comment)
if "tried" in st.session_state:
    comment, decision = st.session_state["tried"]
    author, engineer = st.columns(2)
    with author, st.container(border=True):
        subheading("What the author sees")
        tryout.author_view(comment, decision)
    with engineer, st.container(border=True):
        subheading("What the engineer gets")
        document = json.dumps(decision_to_dict(decision), ensure_ascii=False, indent=2)
        st.code(visible(document, keep="\n"), language="json", height=320)
    tryout.what_if(resources.moderator().pipeline.ruleset, comment, decision)
