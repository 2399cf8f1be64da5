"""The pages in a real browser: what needs one, and that nothing hostile runs, loads, links or restyles."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copyfile

import pytest

from moderation.desk import Desk, Role, User
from moderation.domain import Action, Author, Reason, Span, VerdictKind
from moderation.store import NewRow, Store
from tests.store.samples import comment, decision, save
from tests.test_hostile import PAYLOADS

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
BOB = User("bob", Role.MODERATOR)
RULES = "version: 1\nrules:\n  - {name: many-links, when: {links: '> 2'}, action: hold}\n"


def hostile(name, text):
    """Return a comment that is hostile wherever text of others is shown."""
    made = replace(
        decision(Action.HOLD, score=0.7), reasons=(Reason(text[:60], Action.HOLD, text, (Span(1, 5),)),)
    )
    writer = Author(id=text[:60], name=text[:60])
    return NewRow(comment(name, text, author=writer, thread=text[:60]), made)


@dataclass
class Served:
    """A running dashboard."""

    url: str
    comments: dict[str, int]
    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Served]:
    """The real server on a database full of hostile comments, with a verdict and an appeal."""
    folder = tmp_path_factory.mktemp("served")
    copyfile(sqlite_template, folder / "moderation.db")
    (folder / "rules.yaml").write_text(RULES)
    database = f"sqlite:///{folder / 'moderation.db'}"
    with Store.open(database) as store:
        made = save(store, *(hostile(name, text) for name, text in PAYLOADS.items()))
        numbers = {name: one.comment_id or 0 for name, one in zip(PAYLOADS, made, strict=True)}
        desk = Desk(store)
        for name in ("script", "markdown_link"):
            desk.judge(BOB, numbers[name], VerdictKind.REJECT, reason=PAYLOADS[name], note=PAYLOADS[name])
            desk.appeal(numbers[name], PAYLOADS["img_onerror"])
    yield from _running(folder, database, numbers)


def _running(folder, database, numbers):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.dashboard.views.serve", database, str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MODERATION_RULES": str(folder / "rules.yaml")}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", server, folder / "log")
            yield Served(f"http://127.0.0.1:{port}", numbers)
        finally:
            server.terminate()
            server.wait(20)


def _wait(url, server, log):
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=1)  # noqa: S310 - our own server
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text())


@pytest.fixture(scope="module")
def chromium():
    """One browser for all tests of this file."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium, served):
    """A browser's tab that notes what is asked of other hosts, and what the policy refused."""
    served.foreign.clear()
    served.refused.clear()
    page = chromium.new_page(viewport={"width": 1280, "height": 1400})
    page.on("request", lambda request: _note(request.url, served))
    page.on(
        "console", lambda said: served.refused.append(said.text) if "Content Security" in said.text else None
    )
    yield page
    page.close()


def _note(url, served):
    if not url.startswith((served.url, served.url.replace("http", "ws"), "data:", "blob:")):
        served.foreign.append(url)


def open_page(tab, served, path, *, shows):
    tab.goto(f"{served.url}/{path}")
    tab.get_by_text(shows).first.wait_for()
    tab.locator(".account").wait_for(state="attached")


def assert_harmless(tab, served):
    assert tab.evaluate("window.__xss") is None
    assert served.foreign == []
    assert served.refused == []
    links = tab.evaluate("[...document.querySelectorAll('a')].map(a => new URL(a.href).origin)")
    assert set(links) <= {served.url}
    assert tab.locator("iframe, img:not([src^='/']):not([src^='data:']), .katex").count() == 0
    background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background != "rgb(255, 0, 0)"


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        pytest.param("history", "Select a row", id="history"),
        pytest.param("history?tab=Appeals", "Select a row", id="appeals"),
        pytest.param("rules?tab=What+rules+do", "Select a rule", id="rules"),
        pytest.param("overview", "Checks without an answer", id="overview"),
    ],
)
def test_nothing_hostile_acts_on_a_page(tab, served, path, shows):
    open_page(tab, served, path, shows=shows)
    tab.wait_for_timeout(700)  # charts and tables are drawn after the page is
    assert_harmless(tab, served)


@pytest.mark.parametrize("name", ["script", "style", "markdown_link", "latex"])
def test_nothing_hostile_acts_in_a_comments_history(tab, served, name):
    open_page(tab, served, f"history?comment={served.comments[name]}", shows="What happened")
    tab.get_by_text("The rules decided").first.wait_for()
    assert PAYLOADS[name][:20] in tab.locator(".stMain").inner_text()
    assert_harmless(tab, served)


def test_a_range_is_brushed_looked_into_and_decided(tab, served):
    open_page(tab, served, "triage", shows="comments wait")
    chart = tab.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").first
    chart.wait_for()
    tab.wait_for_timeout(700)
    box = chart.bounding_box()
    x, y, width, height = (box[side] for side in ("x", "y", "width", "height"))
    tab.mouse.move(x + 0.2 * width, y + 0.3 * height)
    tab.mouse.down()
    tab.mouse.move(x + 0.98 * width, y + 0.75 * height, steps=6)
    tab.mouse.up()
    tab.get_by_text("Decide all of it").wait_for()
    tab.get_by_text("of 19 comments in this range").wait_for()
    assert tab.locator(".stHtml mark").count() > 0
    assert_harmless(tab, served)
    tab.get_by_label("Number of comments").fill("19")
    tab.get_by_role("button", name="Approve all").click()
    tab.get_by_text("19 comments approved.").wait_for()
    tab.get_by_role("button", name="Undo all of it").click()
    tab.get_by_text("19 verdicts were taken back").wait_for()


def test_an_export_is_downloaded(tab, served):
    open_page(tab, served, "history", shows="Select a row")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Export as CSV").click()
    text = Path(download.value.path()).read_text()
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text
