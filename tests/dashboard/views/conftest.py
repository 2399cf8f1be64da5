"""Pages run without a browser, on a database of the test's own."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import resources
from dashboard.login import current_user
from moderation.desk import Account, Desk, Role, User
from moderation.moderator import Moderator
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.store import Store
from tests.support import scorers

VIEWS = Path(dashboard.__file__).parent / "views"
RULES = """version: 1
toxicity: {thresholds: {toxicity: {flag: 0.5, hold: 0.8}}}
rules:
  - {name: many-links, when: {links: "> 2"}, action: hold}
"""


@pytest.fixture(scope="session", autouse=True)
def packages_looked_through_once() -> Iterator[None]:
    """Streamlit reads what all installed packages say of themselves at every run of a page, for half of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner,
            "scan_component_manifests",
            cache(manifest_scanner.scan_component_manifests),
        )
        yield


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Streamlit puts its page in the place of `__main__`; a process that is spawned later would run it."""
    own = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = own


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Store]:
    """The database behind the pages."""
    with Store.open(sqlite_url) as store:
        yield store


@pytest.fixture
def open_page(site: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Open a page as somebody, with parameters in the address."""
    moderator = Moderator(Pipeline.open(Ruleset.parse(RULES), scorer=scorers.calm()), site)
    monkeypatch.setattr(resources, "store", lambda: site)
    monkeypatch.setattr(resources, "desk", lambda: Desk(site))
    monkeypatch.setattr(resources, "moderator", lambda: moderator)

    def open_as(view: str, role: Role = Role.MODERATOR, **query: str) -> AppTest:
        account = Account("ann", role, datetime.now(UTC), None, must_change=False, session=1)
        monkeypatch.setattr(current_user, "account_of_cookies", lambda _: account)
        page = AppTest.from_file(VIEWS / f"{view}.py", default_timeout=30)
        for name, value in query.items():
            page.query_params[name] = value
        return page.run()

    st.cache_data.clear()
    yield open_as
    moderator.close()


@pytest.fixture
def bob() -> User:
    """A colleague."""
    return User("bob", Role.MODERATOR)


def press(page: AppTest, label: str) -> AppTest:
    """Press the button with these words on it."""
    return next(button for button in page.button if button.label == label).click().run()
