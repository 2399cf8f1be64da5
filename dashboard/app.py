"""Navigation, and nothing else: each page is a file in views/."""

import streamlit as st

from dashboard.components.shell import account_line, shell_style
from dashboard.login.current_user import require_user

st.set_page_config(page_title="Moderation", layout="wide")  # an icon by name would come from another host
shell_style()
user = require_user()
pages = [
    st.Page("views/queue.py", title="Queue", default=True),
    st.Page("views/triage.py", title="Triage"),
    st.Page("views/overview.py", title="Overview"),
    st.Page("views/rules.py", title="Rules"),
    st.Page("views/tryout.py", title="Try it"),
    st.Page("views/history.py", title="History"),
]
if user.is_admin:
    pages += [st.Page("views/users.py", title="Users"), st.Page("views/keys.py", title="Keys")]
page = st.navigation(pages, position="top")
page.run()
account_line(user)
