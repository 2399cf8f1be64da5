"""What the dashboard needs to know of a provider, and whose word for an address it takes."""

import sys

import pytest
import streamlit as st

from dashboard.login.oidc import require_oidc, verified_email
from moderation.errors import MissingExtraError, SettingsError
from moderation.settings import settings

AUTH = {
    "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    "client_id": "desk",
    "client_secret": "of the desk",
    "server_metadata_url": "http://127.0.0.1:9/.well-known/openid-configuration",
}


@pytest.mark.parametrize(
    ("trusted", "verified", "known"),
    [
        (False, {}, False),
        (False, {"email_verified": True}, True),
        (False, {"email_verified": "true"}, True),
        (True, {}, True),
        (True, {"email_verified": None}, True),
        (True, {"email_verified": False}, False),
        (True, {"email_verified": "false"}, False),
        (True, {"email_verified": []}, False),
    ],
)
def test_a_provider_that_says_nothing_is_trusted_only_if_a_setting_says_so(
    monkeypatch, trusted, verified, known
):
    monkeypatch.setenv("MODERATION_OIDC_TRUST_EMAIL", str(trusted))
    settings.cache_clear()
    try:
        assert verified_email({"email": "ann@example.com", **verified}) == (
            "ann@example.com" if known else ""
        )
    finally:
        settings.cache_clear()


def test_a_missing_package_is_missed_at_the_start(monkeypatch):
    monkeypatch.setitem(sys.modules, "authlib", None)
    with pytest.raises(MissingExtraError, match="Authlib") as caught:
        require_oidc()
    assert "[oidc]" in caught.value.hint


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"client_id": ""}, "lacks client_id"),
        ({"redirect_uri": "https://desk.example.com/auth/login"}, "does not lead back here"),
    ],
)
def test_a_provider_that_is_half_named_is_missed_at_the_start(monkeypatch, wrong, said):
    class Secrets(dict[str, object]):
        def load_if_toml_exists(self):
            return True

    monkeypatch.setattr(st, "secrets", Secrets(auth=AUTH | wrong))
    with pytest.raises(SettingsError, match=said):
        require_oidc()
    monkeypatch.setattr(st, "secrets", Secrets(auth=AUTH))
    require_oidc()
