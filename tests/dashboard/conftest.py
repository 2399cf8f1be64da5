"""One dashboard and one browser for all tests of a process; each test has a site, users and windows of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from moderation.desk import Users
from moderation.domain import Action, Author, Role
from moderation.store import Store
from moderation.store.verdicts.verdict_log import verdicts_of
from tests.rollout.sites import BASE
from tests.store.samples import comment, decision, new_row, save
from tests.support.browser import FLAGS, DeskServer, require_chromium

PASSWORD = "correct horse battery"
POLLING_MS = 50
"""How often a page is asked; at every frame, as Playwright would, Chromium is busy with drawing frames."""

_NUMBERS = count(1)

ONE_PROCESS = "--process-per-site"
"""For all windows of a context, so that one runs what another has compiled."""


@pytest.fixture(autouse=True)
def _users_log_in_at_once(cheap_passwords: None) -> None:
    """Users of these tests have passwords that are checked in no time; a server still hashes with all its cost."""


@dataclass
class Desk:
    """A running dashboard with its database."""

    server: DeskServer
    store: Store
    browser: Any

    def queue(self, site: str, *texts: str, **fields: Any) -> list[int]:
        """Queue comments, the first on top, and return their numbers."""
        rows = [
            new_row(
                comment(f"{site}-{number}", text, site=site, author=Author(f"author-{number}"), **fields),
                decision(Action.HOLD, score=0.99 - number / 1000),
            )
            for number, text in enumerate(texts)
        ]
        return [stored.comment_id for stored in save(self.store, *rows)]

    def edit(self, site: str, external_id: str, text: str) -> list[int]:
        """Let an author change a comment, and return the new revision's number."""
        newer = comment(external_id, text, site=site, revision=1, author=Author("author-0"))
        return [stored.comment_id for stored in save(self.store, new_row(newer, decision(Action.HOLD)))]

    def user(self, role: Role = Role.MODERATOR) -> str:
        """Add a user nobody else has."""
        name = f"user{next(_NUMBERS)}"
        Users(self.store).add(name, role, PASSWORD)
        return name

    def window(self, name: str | None = None) -> Any:
        """Open an empty window of a browser that nobody else uses, in which somebody may be logged in already."""
        context = self._unused() or self._new()
        context.clear_cookies()
        context.pages[0].evaluate("localStorage.clear()")
        if name:
            assert send_login(context, self.server.url, name).status == 303
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("dialog", lambda dialog: dialog.accept())  # "leave the page?"
        return page

    def page(self, name: str | None = None, path: str = "/") -> Any:
        """Open a page in a window of its own."""
        page = self.window(name)
        page.goto(self.server.url + path)
        return page

    def _unused(self) -> Any:
        return next((context for context in self.browser.contexts if len(context.pages) == 1), None)

    def _new(self) -> Any:
        """Make a context whose first page stays: it keeps what Chromium has compiled of Streamlit, some seconds' work."""
        context = self.browser.new_context()
        context.new_page().goto(f"{self.server.url}/auth/login")
        return context

    def verdicts(self, comment_id: int) -> list[tuple[str, str]]:
        """Return what was decided about a comment, as kind and reason."""
        with self.store.reading() as session:
            return [(verdict.kind, verdict.reason) for verdict in verdicts_of(comment_id, session=session)]


def log_in(page: Any, name: str, password: str = PASSWORD) -> None:
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("button")


def send_login(context: Any, server: str, name: str, password: str = PASSWORD) -> Any:
    """Send the login page's form without drawing the page, and return the answer; its cookie is the context's."""
    address = f"{server}/auth/login"
    form = re.search(r'name="form" value="([^"]+)"', context.request.get(address).text())
    assert form, "the login page has no form"
    said = {"form": form[1], "name": name, "password": password}
    return context.request.post(address, form=said, max_redirects=0)


def shown(page: Any) -> int:
    """Wait for a comment, and return its number."""
    card = page.locator("[data-testid=comment][data-cid]:not([data-cid=''])")
    card.wait_for()
    return int(card.get_attribute("data-cid"))


def wait_saved(page: Any) -> None:
    """Wait until nothing is unsaved; a rejection waits for its reason first."""
    page.wait_for_function(
        "() => Object.keys(sessionStorage).filter((key) => key.startsWith('moderation.outbox'))"
        ".every((key) => sessionStorage.getItem(key) === '[]')",
        polling=POLLING_MS,
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = require_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*FLAGS, ONE_PROCESS])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shared_desk(
    browser: Any, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    copyfile(sqlite_template, folder / "moderation.db")
    yield from serve(browser, f"sqlite:///{folder / 'moderation.db'}", log=folder / "log")


@pytest.fixture
def desk(shared_desk: Desk) -> Iterator[Desk]:
    """The dashboard that tests share, and must leave running."""
    yield shared_desk
    close_windows(shared_desk.browser)  # open pages go on asking the server


@pytest.fixture
def own_desk(browser: Any, sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A dashboard that a test may kill; its rules need no model, which each start would load."""
    (tmp_path / "rules.yaml").write_text(BASE)
    yield from serve(browser, sqlite_url, folder=tmp_path)


def serve(browser: Any, database: str, **options: Any) -> Iterator[Desk]:
    """Run a dashboard, with such options of `DeskServer`, on a database."""
    with Store.open(database) as store:
        # A blind second opinion would show a comment to two moderators, by its number.
        environment = {"MODERATION_SECOND_REVIEW": "0"}
        server = DeskServer(database, environment=environment, **options).start()
        try:
            yield Desk(server, store, browser)
        finally:
            close_windows(browser)
            server.stop()


def close_windows(browser: Any) -> None:
    for context in browser.contexts:
        for page in context.pages[1:]:
            page.close()
