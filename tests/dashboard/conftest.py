"""One dashboard and one browser for all tests of a process; each test has a site of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from moderation.desk import Users
from moderation.domain import Action, Author, Role
from moderation.store import Store
from moderation.store.verdicts.verdict_log import verdicts_of
from tests.store.samples import comment, decision, new_row, save
from tests.support.browser import FLAGS, DeskServer, require_chromium

PASSWORD = "correct horse battery"
_NUMBERS = count(1)


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

    def page(self, name: str | None = None, path: str = "/", **options: Any) -> Any:
        """Log in with a browser window of its own, and open a page."""
        page = self.browser.new_context(**options).new_page()
        page.set_default_timeout(30_000)
        page.on("dialog", lambda dialog: dialog.accept())  # "leave the page?"
        page.goto(self.server.url + path)
        if name:
            log_in(page, name)
        return page

    def verdicts(self, comment_id: int) -> list[tuple[str, str]]:
        """Return what was decided about a comment, as kind and reason."""
        with self.store.reading() as session:
            return [(verdict.kind, verdict.reason) for verdict in verdicts_of(comment_id, session=session)]


def log_in(page: Any, name: str, password: str = PASSWORD) -> None:
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("button")


def shown(page: Any) -> int:
    """Wait for a comment, and return its number."""
    card = page.locator("[data-testid=comment][data-cid]:not([data-cid=''])")
    card.wait_for()
    return int(card.get_attribute("data-cid"))


def wait_saved(page: Any) -> None:
    """Wait until nothing is unsaved; a rejection waits for its reason first."""
    page.wait_for_function(
        "() => Object.keys(sessionStorage).filter((key) => key.startsWith('moderation.outbox'))"
        ".every((key) => sessionStorage.getItem(key) === '[]')"
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = require_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shared_desk(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from serve(browser, tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(shared_desk: Desk) -> Iterator[Desk]:
    """The dashboard that tests share, and must leave running."""
    yield shared_desk
    close_windows(shared_desk.browser)  # open pages go on asking the server


@pytest.fixture
def own_desk(browser: Any, tmp_path: Path) -> Iterator[Desk]:
    """A dashboard that a test may kill."""
    yield from serve(browser, tmp_path)


def serve(browser: Any, home: Path, **options: Any) -> Iterator[Desk]:
    """Run a dashboard, with such options of `DeskServer`, on a new database in a folder."""
    database = f"sqlite:///{home / 'moderation.db'}"
    with Store.open(database) as store:
        # A blind second opinion would show a comment to two moderators, by its number.
        environment = {"MODERATION_SECOND_REVIEW": "0"} | dict(options.pop("environment", {}))
        server = DeskServer(database, environment=environment, **options).start()
        try:
            yield Desk(server, store, browser)
        finally:
            close_windows(browser)
            server.stop()


def close_windows(browser: Any) -> None:
    for context in list(browser.contexts):
        context.close()
