"""The pages beside the queue in a real browser: what needs one, and that nothing hostile acts on any of them."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from moderation.api_keys import ApiKeys
from moderation.desk import Desk, Role, User
from moderation.domain import Action, Author, Reason, Scope, Span, VerdictKind
from tests.dashboard.conftest import POLLING_MS
from tests.store.samples import comment, decision, new_row, save
from tests.test_hostile import PAYLOADS

pytestmark = pytest.mark.browser

SITE = "hostile"
BOB = User("bob", Role.MODERATOR)

DRAWN = """() => document.querySelector("[data-test-script-state=notRunning]") && ![
  ...document.querySelectorAll(
    "[data-testid=stSkeleton], .stVegaLiteChart:not(:has(canvas, svg)), .stDataFrame:not(:has(canvas))"
  )
].some((missing) => missing.checkVisibility())"""
"""Charts and tables are drawn some time after their page is there; what is folded up, once it is opened."""


def hostile(name, text):
    """Return a comment that is hostile wherever words of others are shown."""
    reason = Reason(text[:60], Action.HOLD, text, (Span(1, 5),))
    made = replace(decision(Action.HOLD, score=0.7), reasons=(reason,))
    author = Author(id=text[:60], name=text[:60])
    return new_row(comment(name, text, site=SITE, author=author, thread=text[:60]), made)


@pytest.fixture(scope="module")
def numbers(shared_desk):
    """Comments that are hostile in every part, some with a hostile verdict and an appeal; their numbers."""
    made = save(shared_desk.store, *(hostile(name, text) for name, text in PAYLOADS.items()))
    found = {name: one.comment_id for name, one in zip(PAYLOADS, made, strict=True)}
    for name in ("script", "markdown_link"):
        Desk(shared_desk.store).judge(
            BOB, found[name], VerdictKind.REJECT, reason=PAYLOADS[name], note=PAYLOADS[name]
        )
        Desk(shared_desk.store).appeal(found[name], PAYLOADS["img_onerror"])
    for number, text in enumerate(PAYLOADS.values()):
        ApiKeys(shared_desk.store).add(f"key-{number}", [Scope.SUBMIT], sites=[text], by=text)
    return found


@dataclass
class Watched:
    """A logged-in browser's tab, with what it asked of other hosts and what the policy refused."""

    page: Any
    url: str
    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("console", lambda said: self._note_refusal(said.text))

    def _note(self, url):
        if not url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(url)

    def _note_refusal(self, text):
        if "Content Security" in text:
            self.refused.append(text)

    def open(self, path, *, shows):
        self.page.goto(f"{self.url}/{path}")
        self.page.get_by_text(shows).first.wait_for()
        self.page.locator(".account").wait_for(state="attached")

    def assert_harmless(self):
        self.page.wait_for_function(DRAWN, polling=POLLING_MS)
        self.page.wait_for_timeout(150)  # for what would act a moment later
        assert self.page.evaluate("window.__xss") is None
        assert self.foreign == []
        assert self.refused == []
        links = self.page.evaluate("[...document.querySelectorAll('a')].map(a => new URL(a.href).origin)")
        assert set(links) <= {self.url}
        assert self.page.locator("iframe, .katex, img:not([src^='/']):not([src^='data:'])").count() == 0
        assert self.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 0, 0)"


@pytest.fixture(scope="module")
def tab(shared_desk, numbers):
    page = shared_desk.window(shared_desk.user(Role.ADMIN))
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.set_default_timeout(60_000)  # a busy machine is no fault of the page's
    yield Watched(page, shared_desk.server.url)
    page.close()


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        pytest.param("history", "Select a row", id="history"),
        pytest.param("history?tab=Appeals", "Select a row", id="appeals"),
        pytest.param("rules?tab=What+rules+do", "Select a rule", id="rules"),
        pytest.param("overview", "Checks without an answer", id="overview"),
        pytest.param("users", "Add a user", id="users"),
        pytest.param("keys", "Add a key", id="keys"),
    ],
)
def test_nothing_hostile_acts_on_a_page(tab, path, shows):
    tab.open(path, shows=shows)
    tab.assert_harmless()


@pytest.mark.parametrize("name", ["script", "style", "markdown_link", "latex"])
def test_nothing_hostile_acts_in_a_comments_history(tab, numbers, name):
    tab.open(f"history?comment={numbers[name]}", shows="The rules decided")
    assert PAYLOADS[name][:20] in tab.page.locator(".stMain").inner_text()
    tab.assert_harmless()


def test_nothing_hostile_acts_where_it_is_tried(tab):
    tab.open("tryout", shows="Decides a comment")
    for name in ("img_onerror", "markdown_image"):
        tab.page.get_by_label("Comment").first.fill(PAYLOADS[name])
        tab.page.get_by_role("button", name="Check").click()
        tab.page.get_by_text("What the engineer gets").wait_for()
        tab.page.locator(".stMain").get_by_text(PAYLOADS[name]).first.wait_for()
        tab.assert_harmless()


def brush_until(page, chart, told):
    """Drag over a chart as a hand would; again, if it was drawn but did not listen yet, as on a busy machine."""
    for _ in range(10):
        page.wait_for_timeout(700)
        box = chart.bounding_box()
        x, y, width, height = (box[side] for side in ("x", "y", "width", "height"))
        page.mouse.move(x + 0.2 * width, y + 0.2 * height)
        page.mouse.down()
        page.mouse.move(x + 0.98 * width, y + 0.75 * height, steps=6)
        page.mouse.up()
        with suppress(PlaywrightTimeoutError):
            told.wait_for(timeout=6000)
            return
    told.wait_for()


def test_a_range_is_brushed_looked_into_decided_and_taken_back(tab):
    tab.open(f"triage?site={SITE}", shows="comments wait")
    chart = tab.page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").first
    chart.wait_for()
    count = len(PAYLOADS) - 2  # two are decided
    brush_until(tab.page, chart, tab.page.get_by_text(f"of {count} comments in this range"))
    tab.page.locator(".stHtml mark").first.wait_for()
    tab.assert_harmless()
    tab.page.get_by_label("Number of comments").fill(str(count))
    tab.page.get_by_role("button", name="Approve all").click()
    tab.page.get_by_text(f"{count} comments approved.").wait_for()
    tab.page.get_by_role("button", name="Undo all of it").click()
    tab.page.get_by_text(f"{count} verdicts were taken back").wait_for()


def test_an_export_runs_in_no_spreadsheet(tab):
    tab.open("history", shows="Select a row")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="Export as CSV").click()
    text = Path(download.value.path()).read_text()
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text


@pytest.mark.usefixtures("numbers")  # without a row the page has another sentence
def test_a_moderator_has_no_page_of_users_and_none_of_keys(shared_desk):
    page = shared_desk.page(shared_desk.user(Role.MODERATOR), "/history")
    page.set_default_timeout(60_000)
    page.get_by_text("Select a row").first.wait_for()
    assert page.locator("a[href$='/rules']").count() > 0
    assert page.locator("a[href$='/users'], a[href$='/keys']").count() == 0
    page.close()
