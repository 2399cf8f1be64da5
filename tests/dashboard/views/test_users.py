"""The users page: for admins alone."""

import pytest

from dashboard import resources
from moderation.desk import Identities, Identity, Role, Users
from tests.dashboard.views.conftest import press


@pytest.fixture
def users(site, monkeypatch):
    found = Users(site)
    found.add("ann", Role.ADMIN)
    monkeypatch.setattr(resources, "users", lambda: found)
    monkeypatch.setattr(resources, "identities", lambda: Identities(site))
    return found


def log(page):
    (shown,) = (table.value for table in page.dataframe if "change" in table.value)
    return [(row["user"], row["change"], row["by"]) for row in shown.to_dict("records")]


@pytest.mark.usefixtures("users")
def test_a_moderator_is_told_that_admins_change_users(open_page):
    page = open_page("users")
    assert not page.exception
    assert page.error
    assert not page.button


def test_an_admin_adds_and_disables_a_user_and_the_log_names_them(open_page, users):
    page = open_page("users", Role.ADMIN)
    assert log(page) == [("ann", "added", "system")]
    page.text_input[0].input("bob")
    page = press(page, "Add")
    assert not page.exception
    page.selectbox[1].select("bob")
    page.selectbox[2].select("Disable")
    page = press(page, "Change")
    assert not page.exception
    assert log(page)[:2] == [("bob", "disabled", "ann"), ("bob", "added", "ann")]
    assert {account.name for account in users.list() if account.disabled_at} == {"bob"}


def test_an_admin_unbinds_a_user_from_who_they_are_at_a_provider(open_page, users):
    users.add("bob@example.com", Role.MODERATOR)
    resources.identities().recognise(Identity("https://a.example.com", "7"), "bob@example.com")
    page = open_page("users", Role.ADMIN)
    states = next(table.value for table in page.dataframe if "state" in table.value)["state"]
    assert "bound to 7 at https://a.example.com" in list(states)
    page.selectbox[1].select("bob@example.com")
    page.selectbox[2].select("Unbind")
    page = press(page, "Change")
    assert not page.exception
    assert log(page)[0] == ("bob@example.com", "unbound", "ann")
    assert [account.identity for account in users.list()] == [None, None]
