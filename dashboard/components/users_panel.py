"""The widgets of the users page."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.heading import subheading
from dashboard.components.inert import table
from dashboard.components.problems import problems_told
from moderation.desk import Account, AccountChange, Identities, Role, User, Users
from moderation.text.visible import visible

_DISABLE, _ENABLE, _PASSWORD, _UNBIND = "Disable", "Enable", "Give a new password", "Unbind"


def accounts(found: Sequence[Account]) -> None:
    """Show who may log in, and the one-time password that was made last, once."""
    name, password = st.session_state.pop("users_password", ("", ""))
    if password:
        with st.container(border=True):
            st.text(
                f"One-time password of {visible(name)}: it is shown once, and has to be changed at the login."
            )
            st.code(password, language=None)
    table(
        [
            {
                "name": account.name,
                "role": account.role.value,
                "since, UTC": f"{account.created_at:%Y-%m-%d}",
                "state": _state(account),
            }
            for account in found
        ]
    )


def add_user(users: Users, user: User) -> None:
    """Ask for a new user."""
    with st.form("add_user"), problems_told():
        subheading("Add a user", "They get a password for one use.")
        name = st.text_input("Name", max_chars=100)
        role = Role(st.selectbox("Role", [role.value for role in Role]))
        if st.form_submit_button("Add"):
            st.session_state["users_password"] = name, users.add(name, role, by=user.name)
            st.rerun()


def change_user(users: Users, identities: Identities, user: User) -> None:
    """Ask what to change about a user; nobody disables themselves by mistake."""
    names = [account.name for account in users.list() if account.name != user.name]
    with st.form("change_user"), problems_told():
        subheading("Change a user", "Their sessions end at once.")
        name = st.selectbox("User", names, index=None)
        change = st.selectbox("Change", [_PASSWORD, _DISABLE, _ENABLE, _UNBIND])
        if st.form_submit_button("Change") and name:
            if change == _PASSWORD:
                st.session_state["users_password"] = name, users.set_password(name, by=user.name)
            elif change == _DISABLE:
                users.disable(name, by=user.name)
            elif change == _ENABLE:
                users.enable(name, by=user.name)
            else:
                identities.unbind(name, by=user.name)
            st.rerun()


def changes(found: Sequence[AccountChange]) -> None:
    """Show who did what to users, latest first."""
    subheading("Changes", "The latest 50; on the command line, moderation users log --limit shows more.")
    table(
        [
            {
                "at, UTC": f"{one.at:%Y-%m-%d %H:%M}",
                "user": one.name,
                "change": one.change.value.replace("_", " "),
                "by": one.by,
            }
            for one in found
        ]
    )


def _state(account: Account) -> str:
    if account.disabled_at:
        return f"disabled since {account.disabled_at:%Y-%m-%d}"
    if account.identity:
        return f"bound to {account.identity}"
    return "has a one-time password" if account.must_change else "active"
