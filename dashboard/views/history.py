"""History: any comment, with all that happened to it; appeals; what was found as a file."""

import streamlit as st

from dashboard import resources
from dashboard.components.appeals import appeals
from dashboard.components.comment_search import search
from dashboard.components.heading import heading
from dashboard.components.problems import problems_told
from dashboard.components.record import record
from dashboard.login.current_user import require_user

user = require_user()
desk = resources.desk()
wanted = st.query_params.get("comment", "")
if wanted:
    heading("History")
    if st.button("Back to the list", icon=":material/arrow_back:"):
        del st.query_params["comment"]
        st.rerun()
    with problems_told():
        if wanted.isdecimal():
            record(desk, user, int(wanted))
        else:
            st.text("A comment is named by its number: /history?comment=77")
else:
    heading("History", "Any comment, with all that happened to it.")
    found, objected = st.tabs(["Comments", "Appeals"], key="tab", bind="query-params")
    with found, problems_told():
        if found.open:
            search(desk)
    with objected, problems_told():
        if objected.open:
            appeals(desk)
