"""Logging in at a provider of OpenID Connect, from the button to the queue and out again."""

import subprocess
import sys

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer

from dashboard.oidc import require_oidc
from moderation.desk import Users
from moderation.domain import Role
from moderation.errors import MissingExtraError
from tests.dashboard.conftest import close_windows, serve, shown, wait_saved
from tests.support.browser import free_port
from tests.support.oidc import CLIENT, SECRET, running_provider

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def provider():
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def served(browser, tmp_path_factory, provider):
    folder, port = tmp_path_factory.mktemp("oidc"), free_port()
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider.url}/.well-known/openid-configuration"
"""
    )
    for desk in serve(browser, folder, port=port, folder=folder, environment={"MODERATION_OIDC": "true"}):
        users = Users(desk.store)
        users.add("ann@example.com", Role.ADMIN)
        users.add("eve@example.com", Role.MODERATOR)
        users.disable("eve@example.com")
        yield desk


@pytest.fixture
def desk(served):
    """A dashboard whose users log in at the provider."""
    yield served
    close_windows(served.browser)


def test_who_is_known_here_comes_in_as_what_they_may_be(desk, provider):
    (number,) = desk.queue("news", "one")
    provider.claims = {"email": "ann@example.com", "email_verified": True}
    page = desk.page()
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Continue").click()
    page.get_by_text("ann@example.com · admin").wait_for()
    assert page.get_by_role("link", name="Password").count() == 0
    assert shown(page) == number
    page.keyboard.press("a")
    wait_saved(page)
    assert desk.verdicts(number) == [("approve", "")]
    page.reload()
    page.get_by_text("ann@example.com · admin").wait_for()
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("button", name="Log in").wait_for()
    page.goto(desk.server.url)
    page.get_by_role("button", name="Log in").wait_for()


def test_whom_the_database_does_not_know_stays_out(desk, provider):
    page = desk.page()
    for claims in (
        {"email": "stranger@example.com", "email_verified": True},
        {"email": "ann@example.com", "email_verified": False},
        {"email": "ann@example.com", "email_verified": "false"},
        {"email": "eve@example.com", "email_verified": True},  # disabled
        {"name": "ann@example.com"},
    ):
        provider.claims = claims
        page.get_by_role("button", name="Log in").click()
        page.get_by_text("Your account is not known here").wait_for()
        assert page.get_by_role("link", name="Continue").count() == 0
        page.get_by_role("button", name="Log out").click()


def test_a_ticket_that_was_made_elsewhere_opens_nothing(desk):
    made = URLSafeTimedSerializer("guessed", salt="moderation.ticket").dumps(["ann@example.com", 1])
    answer = httpx.get(f"{desk.server.url}/auth/ticket?ticket={made}", timeout=30)
    assert answer.headers["Location"] == "/"
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/auth/password", "/auth/login"])
def test_there_is_no_password_to_guess(desk, path):
    answer = httpx.post(f"{desk.server.url}{path}", data={"name": "admin", "password": "x"}, timeout=30)
    assert answer.status_code in {404, 405}


def test_a_missing_package_is_missed_at_the_start(monkeypatch):
    monkeypatch.setattr("dashboard.oidc.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match="Authlib") as caught:
        require_oidc()
    assert "[oidc]" in caught.value.hint


def test_a_provider_that_nobody_named_is_missed_at_the_start(tmp_path, monkeypatch):
    monkeypatch.setenv("MODERATION_OIDC", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    command = [sys.executable, "-m", "dashboard", "--database", f"sqlite:///{tmp_path / 'moderation.db'}"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert found.returncode == 2
    assert "no provider is named" in found.stderr
    assert "Traceback" not in found.stderr
