"""Who is logged in, asked in a page."""

import streamlit as st

from dashboard import resources
from dashboard.auth import ticket_url
from dashboard.sessions import account_of_cookies
from moderation.desk import User
from moderation.settings import settings


def require_user() -> User:
    """Return who is logged in; a page that nobody is logged in on ends here.

    Asked anew in every run: a disabled user or a changed password ends the session at the next click.
    """
    account = account_of_cookies(st.context.cookies)
    if account is None or account.must_change:
        _ask_to_log_in()
        st.stop()
    return account.user


def _ask_to_log_in() -> None:
    if settings().oidc:
        _log_in_by_oidc()
    else:
        st.html('<p>You are logged out. <a href="/auth/login" target="_self">Log in</a></p>')


def _log_in_by_oidc() -> None:
    if not st.user.is_logged_in:
        st.button("Log in", type="primary", on_click=st.login)
        return
    email = str(st.user.get("email", "")) if st.user.get("email_verified", True) else ""
    known = {account.name: account for account in resources.users().list() if account.disabled_at is None}
    if email not in known:
        st.text("Your account is not known here. An admin can add it: moderation users add EMAIL")
        st.button("Log out", on_click=st.logout)
        return
    st.link_button("Continue", ticket_url(known[email]), type="primary")
