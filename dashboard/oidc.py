"""Logging in at a provider of OpenID Connect, which Streamlit does: what it needs, and whom it knows."""

from html import escape
from importlib.util import find_spec

import streamlit as st

from dashboard import resources
from dashboard.auth import ticket_url
from moderation.errors import MissingExtraError, SettingsError


def require_oidc() -> None:
    """Check at the start what Streamlit would miss only when somebody logs in.

    Raises:
        MissingExtraError: Authlib is not installed.
        SettingsError: nothing says at which provider.
    """
    if find_spec("authlib") is None:
        raise MissingExtraError(
            "logging in by OpenID Connect needs Authlib, which is not installed",
            hint='pip install "comment-moderation[oidc]"',
        )
    if not st.secrets.load_if_toml_exists() or "auth" not in st.secrets:
        raise SettingsError(
            "MODERATION_OIDC is on, but no provider is named",
            hint="write the section [auth] in .streamlit/secrets.toml here: docs/dashboard.md shows it",
        )


def ask_to_log_in() -> None:
    """Offer the provider's login, and to whoever comes from there what leads into the desk."""
    if not st.user.is_logged_in:
        st.button("Log in", type="primary", on_click=st.login)
        return
    verified = st.user.get("email_verified", True) in {True, "true"}  # some providers write it as text
    email = str(st.user.get("email", "")) if verified else ""
    known = {account.name: account for account in resources.users().list() if account.disabled_at is None}
    if email not in known:
        st.text("Your account is not known here. An admin can add it: moderation users add EMAIL")
        st.button("Log out", on_click=st.logout)
        return
    to = escape(ticket_url(known[email]))
    st.html(f'<p>Welcome, {escape(email)}. <a href="{to}" target="_self">Continue</a></p>')
