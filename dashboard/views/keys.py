"""Keys to the HTTP service: who may use it from outside, for what, and how much; for admins."""

import streamlit as st

from dashboard import resources
from dashboard.components.heading import heading
from dashboard.components.keys_panel import add_key, changes, keys_in_force, new_key, replace_key, revoke_key
from dashboard.components.problems import problems_told
from dashboard.login.current_user import require_user
from moderation.desk.people import require_admin

user = require_user()
heading("Keys", "What other programs send to use the HTTP service. A key does what its scopes say, no more.")
with problems_told():
    require_admin(user, "see and change keys")
    keys = resources.api_keys()
    new_key()
    in_force = keys.list()
    keys_in_force(in_force)
    new, known = st.columns(2)
    with new:
        add_key(keys, user)
    with known:
        replace_key(keys, in_force, user)
        revoke_key(keys, in_force, user)
    changes(keys.changes())
