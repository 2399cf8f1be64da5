"""Logging in and out, and what every answer carries."""

import time

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer

from moderation.desk import Users
from moderation.domain import Role
from tests.dashboard.conftest import PASSWORD, log_in, send_login, shown

pytestmark = pytest.mark.browser


def fetch(url, **headers):
    return httpx.get(url, headers=headers, timeout=30)


def session_of(page):
    (cookie,) = (one for one in page.context.cookies() if one["name"] == "moderation_session")
    return cookie


def test_a_login_survives_a_reload_and_ends_with_logging_out(desk):
    (number,) = desk.queue("login", "one")
    page = desk.page(None, "/?site=login")
    log_in(page, desk.user())
    assert shown(page) == number
    assert "site=login" in page.url
    page.reload()
    assert shown(page) == number
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("heading", name="Log in").wait_for()
    page.goto(desk.server.url)
    page.get_by_role("heading", name="Log in").wait_for()


def test_a_one_time_password_has_to_be_changed_first(desk):
    once = Users(desk.store).add("newcomer", Role.ADMIN) or ""
    page = desk.page()
    log_in(page, "newcomer", once)
    page.get_by_role("heading", name="Change password").wait_for()
    page.goto(desk.server.url)
    page.fill("#password", once)
    page.fill("#new", "a much better one")
    page.fill("#again", "a much better one")
    page.click("button")
    page.get_by_text("newcomer · admin").wait_for()


def test_a_disabled_user_is_out_at_once(desk):
    desk.queue("disabled", "one")
    name = desk.user()
    page = desk.page(name, "/?site=disabled")
    shown(page)
    Users(desk.store).disable(name)
    page.keyboard.press("a")
    page.get_by_text("Logged out.").wait_for()
    page.reload()
    page.get_by_role("heading", name="Log in").wait_for()


def test_too_many_wrong_passwords_are_refused(desk):
    name = desk.user()
    page = desk.page()
    for _ in range(9):
        answer = send_login(page.context, desk.server.url, name, "wrong")
        assert answer.status == 401
        assert 'role="alert"' in answer.text()
    log_in(page, name, "wrong")
    page.get_by_role("alert").wait_for()
    log_in(page, name)  # the right one
    assert "too" in page.get_by_role("alert").inner_text().lower()
    assert page.get_by_role("heading", name="Log in").count() == 1


def test_old_and_forged_cookies_are_nobody(desk):
    name = desk.user()
    page = desk.page()
    log_in(page, name)
    page.wait_for_url(f"{desk.server.url}/")
    cookie = session_of(page)
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert 7.9 * 3600 < cookie["expires"] - time.time() < 8.1 * 3600
    forged = URLSafeTimedSerializer("guessed", salt="moderation.session").dumps([name, 1])
    for value, expected in ((cookie["value"], 200), (forged, 401), (cookie["value"][:-1], 401), ("", 401)):
        answer = fetch(f"{desk.server.url}/_stcore/host-config", Cookie=f"moderation_session={value}")
        assert answer.status_code == expected


def test_neither_addresses_nor_searches_are_logged(desk):
    """Streamlit sets the level of its server's loggers, whatever the server was told."""
    assert fetch(f"{desk.server.url}/history?text=sought").status_code == 401
    said = desk.server.log.read_text()  # what is logged of a request is there before its answer
    assert "The desk is at" in said
    assert "sought" not in said
    assert "GET" not in said


def test_a_form_from_elsewhere_is_refused(desk):
    name = desk.user()
    data = {"name": name, "password": PASSWORD}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://evil.example"},
    ):
        answer = httpx.post(f"{desk.server.url}/auth/login", data=data, headers=headers, timeout=30)
        assert answer.status_code == 400
        assert "moderation_session" not in answer.cookies


def test_the_queue_answers_only_its_own_page(desk):
    mine = {"Cookie": f"moderation_session={session_of(desk.window(desk.user()))['value']}"}
    own = {"X-Moderation": "queue"}
    cases = [
        (mine | own, "{}", 200),
        (mine, "{}", 403),
        (mine | own | {"Sec-Fetch-Site": "cross-site"}, "{}", 403),
        (own, "{}", 401),
        (mine | own, '{"surprise": 1}', 400),
        (mine | own, "x" * 300_000, 400),
    ]
    for headers, body, expected in cases:
        answer = httpx.post(f"{desk.server.url}/desk/renew", content=body, headers=headers, timeout=30)
        assert answer.status_code == expected, (headers, expected)


@pytest.mark.parametrize("path", ["/", "/auth/login", "/_stcore/health", "/desk/next", "/nowhere"])
def test_every_answer_carries_a_strict_policy(desk, path):
    headers = fetch(desk.server.url + path).headers
    policy: dict[str, str] = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    scripts = policy.get("script-src", policy["default-src"])
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(scripts.split())
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}


def test_a_login_goes_on_to_no_other_host(desk):
    page = desk.page(None, "/auth/login?next=//evil.example/x")
    name = desk.user()
    log_in(page, name)
    page.get_by_text(f"{name} · moderator").wait_for()
    assert page.url.startswith(desk.server.url)


def test_the_queue_has_an_address_like_every_page(desk):
    """Streamlit calls it `/` only, and said `Page not found` over it."""
    page = desk.page(desk.user(), "/queue?language=ko")
    assert page.url == f"{desk.server.url}/?language=ko"
    assert page.get_by_text("Page not found").count() == 0
