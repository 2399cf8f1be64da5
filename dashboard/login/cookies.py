"""Signed cookies: who is logged in, until when, and that a form is our own."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from itsdangerous import BadSignature, URLSafeTimedSerializer

from dashboard import resources
from dashboard.login.secret import signing_secret
from moderation.desk import Account
from moderation.settings import settings

COOKIE = "moderation_session"
FORM_COOKIE = "moderation_form"

SESSION_S = 8 * 3600
"""Seconds after which one logs in again: a shift."""

FORM_S = 3600
"""Seconds that a login form may stay open."""


@cache
def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing_secret(), salt=f"moderation.{purpose}")


def issue(account: Account) -> str:
    """Return what proves who somebody is, until it expires or their session number changes."""
    return str(_signer("session").dumps([account.name, account.session]))


def account_of_cookies(cookies: Mapping[str, str]) -> Account | None:
    """Return who is logged in; nobody if the cookie is forged or old, or the session was ended since."""
    try:
        name, session = _signer("session").loads(cookies.get(COOKIE, ""), max_age=SESSION_S)
    except BadSignature:
        return None
    account = resources.users().current(name, session)
    # with OIDC nobody has a password to change, not even the one for one use that they were added with
    return replace(account, must_change=False) if account and settings().oidc else account


def new_form(nonce: str | None) -> tuple[str, str]:
    """Return a random value for a cookie, the browser's own if it has one, and its signature for a form."""
    nonce = nonce or secrets.token_urlsafe(16)
    return nonce, str(_signer("form").dumps(nonce))


def is_own_form(signed: str, nonce: str) -> bool:
    """Tell whether a form was made by us, for the browser that sent it, not long ago."""
    try:
        signed_nonce = _signer("form").loads(signed, max_age=FORM_S)
    except BadSignature:
        return False
    return bool(nonce) and secrets.compare_digest(str(signed_nonce), nonce)
