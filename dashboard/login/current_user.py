"""Who is logged in, asked in a page."""

import streamlit as st

from dashboard.login.cookies import account_of_cookies
from moderation.desk import User


def require_user() -> User:
    """Return who is logged in; a page that nobody is logged in on ends here.

    Asked anew in every run: a disabled user or a changed password ends the session at the next click.
    """
    account = account_of_cookies(st.context.cookies)
    if account is None or account.must_change:
        st.html('<p>You are logged out. <a href="/auth/login" target="_self">Log in</a></p>')
        st.stop()
    return account.user
