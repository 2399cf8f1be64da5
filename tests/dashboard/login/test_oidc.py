"""Logging in at a provider of OpenID Connect, from the first address to the queue and out again."""

import subprocess
import sys
from itertools import count
from shutil import copyfile
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from moderation.desk import Identities, Users
from moderation.domain import Role
from moderation.store import Store
from tests.dashboard.conftest import Desk, close_windows, shown, wait_saved
from tests.rollout.sites import BASE
from tests.support.browser import DeskServer
from tests.support.oidc import CLIENT, SECRET, running_provider
from tests.support.serving import free_port

pytestmark = pytest.mark.slow

NUMBERS = count(1)


@pytest.fixture(scope="module")
def provider():
    with running_provider() as provider:
        yield provider


def section(provider, port):
    return {
        "redirect_uri": f"http://127.0.0.1:{port}/oauth2callback",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "server_metadata_url": f"{provider.url}/.well-known/openid-configuration",
    }


def options(folder, provider):
    """Write down the provider, and return what a server needs to know besides."""
    port = free_port()
    (folder / ".streamlit").mkdir()
    lines = (f'{name} = "{value}"\n' for name, value in section(provider, port).items())
    (folder / ".streamlit" / "secrets.toml").write_text("".join(["[auth]\n", *lines]))
    (folder / "rules.yaml").write_text(BASE)  # no model to load for the one page
    return {"port": port, "folder": folder, "environment": {"MODERATION_OIDC": "true"}}


@pytest.fixture(scope="module")
def store(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("database") / "moderation.db"
    copyfile(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture(scope="module")
def server(store, tmp_path_factory, provider):
    """A dashboard whose users log in at the provider."""
    started = DeskServer(store.address, **options(tmp_path_factory.mktemp("oidc"), provider)).start()
    yield started
    started.stop()


@pytest.fixture
def desk(server, store, browser):
    yield Desk(server, store, browser)
    close_windows(browser)


@pytest.fixture
def user(store):
    """Name of a user nobody else has, who never logged in."""
    name = f"user{next(NUMBERS)}@example.com"
    Users(store).add(name, Role.MODERATOR)
    return name


@pytest.fixture
def visit(server, provider):
    """Log in at the provider with such claims, and return what the dashboard says then, and whose session that is."""

    def _visit(**claims):
        provider.claims = claims
        with httpx.Client(base_url=server.url, timeout=30, follow_redirects=True) as browser:
            answer = browser.get("/auth/provider?next=/history")
            return answer, browser.cookies.get("moderation_session")

    return _visit


def bound(store, name):
    return {account.name: account.identity for account in Users(store).list()}[name]


def test_the_first_login_binds_a_user_to_issuer_and_subject(store, provider, user, visit):
    answer, session = visit(sub="s-1", email=user, email_verified=True)
    assert session
    assert 'url=/history"' in answer.text
    assert str(bound(store, user)) == f"s-1 at {provider.url}"
    assert visit(sub="s-1", email="married@example.com", email_verified=True)[1]


@pytest.mark.parametrize(
    "verified", [{}, {"email_verified": False}, {"email_verified": "false"}, {"email_verified": None}]
)
def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(store, user, visit, verified):
    answer, session = visit(sub="s-2", email=user, **verified)
    assert (answer.status_code, session) == (403, None)
    assert "not known here" in answer.text
    assert bound(store, user) is None


def test_an_address_that_somebody_else_got_opens_nothing(store, user, visit):
    assert visit(sub="s-3", email=user, email_verified=True)[1]
    answer, session = visit(sub="s-4", email=user, email_verified=True)
    assert (answer.status_code, session) == (403, None)
    assert "bound to another account" in answer.text
    Identities(store).unbind(user)
    assert visit(sub="s-4", email=user, email_verified=True)[1]


def test_whom_the_database_does_not_know_stays_out(store, user, visit):
    Users(store).disable(user)
    for claims in ({"email": "stranger@example.com"}, {"email": user}, {"name": user}, {"email": [user]}):
        answer, session = visit(sub="s-5", email_verified=True, **claims)
        assert (answer.status_code, session) == (403, None)
        assert "not known here" in answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example.com"},
        {"aud": "another"},
        {"aud": "another", "azp": CLIENT},
        {"nonce": "old"},
        {"exp": 1},
    ],
    ids=["issuer", "audience", "audience-of-another", "nonce", "expired"],
)
def test_a_token_that_was_not_made_for_this_login_opens_nothing(user, visit, claims):
    answer, session = visit(sub="s-6", email=user, email_verified=True, **claims)
    assert (answer.status_code, session) == (403, None)
    assert "did not work" in answer.text


@pytest.mark.parametrize(
    "query", ["", "?code=x&state=x", "?error=access_denied&error_description=no%0Athanks"]
)
def test_who_was_not_sent_there_by_us_does_not_come_back(server, query):
    answer = httpx.get(f"{server.url}/oauth2callback{query}", timeout=30)
    assert answer.status_code == 403
    assert "moderation_session" not in answer.cookies


def test_a_way_back_leads_in_once_and_for_one_browser_alone(server, provider, user):
    provider.claims = {"sub": "s-7", "email": user, "email_verified": True}
    with httpx.Client(base_url=server.url, timeout=30) as browser:
        there = browser.get("/auth/provider").headers["Location"]
        back = httpx.get(there, timeout=30).headers["Location"]
        assert httpx.get(back, timeout=30).status_code == 403
        assert parse_qs(urlsplit(there).query)["code_challenge_method"] == ["S256"]
        assert browser.get(back).status_code == 200
        assert browser.get(back).status_code == 403


def test_it_leads_to_no_other_host(server, provider, user):
    provider.claims = {"sub": "s-8", "email": user, "email_verified": True}
    with httpx.Client(base_url=server.url, timeout=30, follow_redirects=True) as browser:
        assert 'url=/"' in browser.get("/auth/provider?next=//elsewhere.example.com").text


@pytest.mark.parametrize("path", ["/", "/history", "/_stcore/host-config", "/desk/scripts/queue.js"])
def test_the_gate_is_shut_for_whoever_is_not_logged_in(server, path):
    page = httpx.get(f"{server.url}{path}", headers={"Accept": "text/html"}, timeout=30)
    assert page.status_code == 303
    assert page.headers["Location"].startswith("/auth/login?next=")
    assert httpx.get(f"{server.url}{path}", timeout=30).status_code == 401


def test_the_web_socket_is_shut_for_whoever_is_not_logged_in(server):
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OTAxMjM0NQ==",
    }
    answer = httpx.get(f"{server.url}/_stcore/stream", headers=upgrade, timeout=30)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/auth/password", "/auth/login"])
def test_there_is_no_password_to_guess(server, path):
    answer = httpx.post(f"{server.url}{path}", data={"name": "admin", "password": "x"}, timeout=30)
    assert answer.status_code in {404, 405}


def test_a_provider_that_is_not_there_ends_in_a_message(server, provider):
    with provider.away():
        answer = httpx.get(f"{server.url}/auth/provider", timeout=30)
    assert answer.status_code == 502
    assert "can&#39;t be reached" in answer.text


@pytest.mark.browser
def test_a_person_comes_in_decides_and_logs_out(desk, provider):
    Users(desk.store).add("ann@example.com", Role.ADMIN)
    (number,) = desk.queue("news", "one")
    provider.claims = {"email": "ann@example.com", "email_verified": True}
    page = desk.page()
    page.get_by_role("link", name="Log in").click()
    page.get_by_text("ann@example.com · admin").wait_for()
    assert page.get_by_role("link", name="Password").count() == 0
    assert shown(page) == number
    page.keyboard.press("a")
    wait_saved(page)
    assert desk.verdicts(number) == [("approve", "")]
    page.reload()
    page.get_by_text("ann@example.com · admin").wait_for()
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("link", name="Log in").wait_for()
    page.goto(desk.server.url)
    page.get_by_role("link", name="Log in").wait_for()


def test_a_provider_that_nobody_named_is_missed_at_the_start(tmp_path, monkeypatch):
    monkeypatch.setenv("MODERATION_OIDC", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    command = [sys.executable, "-m", "dashboard", "--database", f"sqlite:///{tmp_path / 'moderation.db'}"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert found.returncode == 2
    assert "no provider is named" in found.stderr
    assert "Traceback" not in found.stderr
