"""Who is logged in, asked in a page."""

import streamlit as st

from dashboard.auth import ticket_url
from dashboard.sessions import user_of_cookie
from moderation.desk import User
from moderation.settings import settings


def require_user() -> User:
    """Return who is logged in; a page that nobody is logged in on ends here.

    Asked anew in every run: a disabled user or a changed password ends the session at the next click.
    """
    user = user_of_cookie(st.context.cookies)
    if user is not None and not user.must_change_password:
        return user
    if settings().oidc:
        _log_in_by_oidc()
    else:
        st.html('<p>You are logged out. <a href="/auth/login" target="_self">Log in</a></p>')
    st.stop()


def _log_in_by_oidc() -> None:
    if not st.user.is_logged_in:
        st.button("Log in", type="primary", on_click=st.login)
        return
    user = resources.desk().user(str(st.user.get("email", "")))
    if user is None or user.disabled:
        st.text("Your account is not known here. An admin can add it: moderation users add EMAIL")
        st.button("Log out", on_click=st.logout)
        return
    st.link_button("Continue", ticket_url(user), type="primary")
