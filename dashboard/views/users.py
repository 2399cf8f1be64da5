"""Users: who may log in, and as what; for admins."""

import streamlit as st

from dashboard import resources
from dashboard.components.heading import heading
from dashboard.components.problems import problems_told
from dashboard.components.users_panel import accounts, add_user, change_user, changes
from dashboard.login.current_user import require_user
from moderation.desk.people import require_admin

user = require_user()
heading("Users", "Who may log in. What somebody decided stays when they leave.")
with problems_told():
    require_admin(user, "see and change users")
    users = resources.users()
    accounts(users.list())
    new, known = st.columns(2)
    with new:
        add_user(users, user)
    with known:
        change_user(users, resources.identities(), user)
    changes(users.changes())
