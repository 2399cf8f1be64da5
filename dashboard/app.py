"""Navigation, and nothing else: each page is a file in views/."""

import streamlit as st

from dashboard.components.shell import account_line, shell_style
from dashboard.session import require_user

st.set_page_config(page_title="Moderation", layout="wide")
shell_style()
user = require_user()
page = st.navigation(
    [
        st.Page("views/queue.py", title="Queue", default=True),
    ],
    position="top",
)
page.run()
account_line(user)
