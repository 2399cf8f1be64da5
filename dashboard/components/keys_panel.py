"""The widgets of the keys page."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from dashboard.components.heading import subheading
from dashboard.components.inert import label, table
from dashboard.components.problems import problems_told
from moderation.api_keys import ApiKey, ApiKeyChange, ApiKeys, NewKey, Scope
from moderation.desk import User
from moderation.text.visible import visible

_SHOWN, _SAID, _ADDED = "keys_new", "keys_said", "keys_added"
_MAY = {
    Scope.ANALYZE: "Analyze: scores and decisions of texts that are not stored",
    Scope.SUBMIT: "Submit: comments to store, labels, appeals",
    Scope.MODERATE: "Moderate: verdicts",
    Scope.ADMIN: "Admin: what the service measures",
}
_OVERLAPS = {
    "1 day": timedelta(days=1),
    "1 hour": timedelta(hours=1),
    "1 week": timedelta(weeks=1),
    "30 days": timedelta(days=30),
    "Not at all: it ends now": timedelta(0),
}


def new_key() -> None:
    """Show the key that was just made, once, and what was just done."""
    if said := st.session_state.pop(_SAID, ""):
        st.success(label(said, longest=300))
    made: NewKey | None = st.session_state.pop(_SHOWN, None)
    if made:
        with st.container(border=True):
            st.text(
                f"The key of {visible(made.key.name)}. Copy it now: it is gone with the next click on this page."
            )
            st.code(made.secret, language=None, wrap_lines=True)


def keys_in_force(found: Sequence[ApiKey]) -> None:
    """Show the keys, without what opens them."""
    if not found:
        st.text("No key is in force yet: add one for each program that uses the service.")
        return
    table(
        [
            {
                "name": key.name,
                "public part": key.public_id,
                "state": f"ends {key.ends_at:%Y-%m-%d %H:%M} UTC" if key.ends_at else "in force",
                "scopes": ", ".join(sorted(key.scopes)),
                "a minute": f"{key.quota:,}" if key.quota else "no limit",
                "sites": ", ".join(sorted(key.sites)) or "all",
                "since, UTC": f"{key.created_at:%Y-%m-%d}",
                "by": key.by,
            }
            for key in found
        ]
    )


def add_key(keys: ApiKeys, user: User) -> None:
    """Ask for a new key; once it is made, nothing stays filled in that the next one would get unseen."""
    added = st.session_state.get(_ADDED, 0)
    with st.form(f"add_key_{added}"), problems_told():
        subheading("Add a key", "One for each program, so that it can be revoked alone.")
        name = st.text_input("Name", max_chars=64, placeholder="news-site")
        scopes = [scope for scope, says in _MAY.items() if st.checkbox(says)]
        sites = st.text_area("Sites, one in a line", height=80, placeholder="all of them", max_chars=10_000)
        quota = st.number_input("Comments a minute", 1, value=None, step=1, placeholder="no limit")
        if st.form_submit_button("Add"):
            named = {site.strip() for site in sites.splitlines()} - {""}
            made = keys.add(name, scopes, sites=named, quota=quota, by=user.name)
            st.session_state[_ADDED] = added + 1
            _hand_over(made)


def replace_key(keys: ApiKeys, found: Sequence[ApiKey], user: User) -> None:
    """Ask for a key in place of another."""
    names = {key.public_id: _named(key) for key in found if key.ends_at is None}
    with st.form("rotate_key"), problems_told():
        subheading("Replace a key", "The new one may do the same.")
        chosen = st.selectbox("Key to replace", list(names), index=None, format_func=names.__getitem__)
        overlap = st.selectbox("The old one works beside it for", list(_OVERLAPS))
        if st.form_submit_button("Replace") and chosen:
            _hand_over(keys.rotate(chosen, overlap=_OVERLAPS[overlap], by=user.name))


def revoke_key(keys: ApiKeys, found: Sequence[ApiKey], user: User) -> None:
    """Ask which key ends now; one click alone revokes nothing."""
    names = {key.public_id: _named(key) for key in found}
    with st.form("revoke_key", clear_on_submit=True), problems_told():  # a tick is for one key
        subheading("Revoke a key", "Whoever uses it is refused within two seconds. It can't be undone.")
        chosen = st.selectbox("Key to revoke", list(names), index=None, format_func=names.__getitem__)
        sure = st.checkbox("Yes, it ends now")
        if st.form_submit_button("Revoke") and chosen:
            if not sure:
                st.warning("Nothing was revoked: choose the key again, and tick the box.")
                return
            ended = keys.revoke(chosen, by=user.name)
            st.session_state[_SAID] = f"{_named(ended)} is revoked."
            st.rerun()


def changes(found: Sequence[ApiKeyChange]) -> None:
    """Show who did what to keys, latest first."""
    subheading("Changes", "The latest 50; on the command line, moderation keys log --limit shows more.")
    if not found:
        st.text("None yet.")
        return
    table(
        [
            {
                "at, UTC": f"{one.at:%Y-%m-%d %H:%M}",
                "key": one.name,
                "public part": one.public_id,
                "change": one.change.value,
                "by": one.by,
            }
            for one in found
        ]
    )


def _hand_over(made: NewKey) -> None:
    """Show a new key in the run that follows, and in no other."""
    st.session_state[_SHOWN] = made
    st.rerun()


def _named(key: ApiKey) -> str:
    return f"{visible(key.name)} ({key.public_id})"
