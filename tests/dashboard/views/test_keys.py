"""The keys page: for admins alone."""

from inspect import unwrap

import pytest

from dashboard import resources
from moderation.api_keys import ApiKeys, Scope
from moderation.domain import Role
from moderation.errors import ApiKeyError
from tests.dashboard.views.conftest import press


@pytest.fixture
def keys(site, monkeypatch):
    found = ApiKeys(site)
    monkeypatch.setattr(resources, "api_keys", lambda: found)
    return found


@pytest.fixture
def made(keys):
    return keys.add("news", [Scope.SUBMIT], sites=["a"], quota=1000, by="eve")


def rows(page, heading):
    found = [table.value for table in page.dataframe if heading in table.value]
    return found[0].to_dict("records") if found else []


def widget(kind, label):
    (found,) = [one for one in kind if one.label == label]
    return found


def choose(page, label, key):
    widget(page.selectbox, label).select(f"{key.name} ({key.public_id})")


def shown_key(page):
    return [code.value for code in page.code]


@pytest.mark.usefixtures("made")
def test_a_moderator_is_told_that_admins_change_keys(open_page):
    page = open_page("keys")
    assert not page.exception
    assert page.error
    assert not page.button
    assert not page.dataframe


def test_an_admin_adds_a_key_that_is_shown_once(open_page, keys):
    page = open_page("keys", Role.ADMIN)
    assert "No key is in force yet" in page.text[0].value
    widget(page.text_input, "Name").input("news")
    page.checkbox[0].check()
    page.text_area[0].input(" a\n\nb, c \n")
    page.number_input[0].set_value(60)
    page = press(page, "Add")
    assert not page.exception
    (secret,) = shown_key(page)
    key = keys.find(secret)
    assert (key.name, key.scopes, key.sites, key.quota) == ("news", {Scope.ANALYZE}, {"a", "b, c"}, 60)
    assert key.by == "ann"
    page = page.run()
    assert shown_key(page) == []
    assert "keys_new" not in page.session_state
    assert rows(page, "state")[0]["sites"] == "a, b, c"
    assert [(row["change"], row["by"]) for row in rows(page, "change")] == [("added", "ann")]


def filled_in(page):
    boxes = [box.value for box in page.checkbox[: len(Scope)]]
    return widget(page.text_input, "Name").value, boxes, page.text_area[0].value, page.number_input[0].value


def test_the_next_key_gets_nothing_that_was_meant_for_the_last_one(open_page, keys):
    page = open_page("keys", Role.ADMIN)
    before = filled_in(page)
    widget(page.text_input, "Name").input("news")
    page.checkbox[0].check()
    page.text_area[0].input("a")
    page.number_input[0].set_value(60)
    page = press(page, "Add")
    assert keys.list()
    assert filled_in(page) == before


def test_what_is_unfit_is_told_and_nothing_is_made(open_page, keys):
    page = open_page("keys", Role.ADMIN)
    widget(page.text_input, "Name").input("<b>a b")
    page.checkbox[0].check()
    page = press(page, "Add")
    assert "up to 64 letters" in page.error[0].value
    assert shown_key(page) == []
    assert keys.list() == []
    assert filled_in(page)[:2] == ("<b>a b", [True, False, False, False])  # to be corrected


def test_where_nothing_was_changed_there_is_no_empty_table(open_page):
    page = open_page("keys", Role.ADMIN)
    assert not page.dataframe
    assert "None yet." in [text.value for text in page.text]


def test_an_admin_replaces_a_key(open_page, keys, made):
    page = open_page("keys", Role.ADMIN)
    choose(page, "Key to replace", made.key)
    page = press(page, "Replace")
    assert not page.exception
    (secret,) = shown_key(page)
    assert keys.find(secret).name == "news"
    assert keys.find(made.secret).ends_at is not None
    states = [row["state"] for row in rows(page, "state")]
    assert states[0] == "in force"
    assert states[1].startswith("ends 20")
    assert len(widget(page.selectbox, "Key to replace").options) == 1
    assert len(widget(page.selectbox, "Key to revoke").options) == 2


def test_a_key_is_revoked_after_a_confirmation_and_not_before(open_page, keys, made):
    page = open_page("keys", Role.ADMIN)
    choose(page, "Key to revoke", made.key)
    page = press(page, "Revoke")
    assert "Nothing was revoked" in page.warning[0].value
    assert keys.find(made.secret) == made.key
    choose(page, "Key to revoke", made.key)
    widget(page.checkbox, "Yes, it ends now").check()
    page = press(page, "Revoke")
    assert not page.exception
    assert "is revoked" in page.success[0].value
    with pytest.raises(ApiKeyError):
        keys.find(made.secret)
    latest = rows(page, "change")[0]
    assert (latest["key"], latest["change"], latest["by"]) == ("news", "revoked", "ann")


@pytest.mark.parametrize("button", ["Replace", "Revoke"])
def test_without_a_choice_nothing_happens(open_page, keys, made, button):
    page = press(open_page("keys", Role.ADMIN), button)
    assert not page.exception
    assert keys.list() == [made.key]


def test_the_server_has_one_of_them(monkeypatch, site):
    monkeypatch.setattr(resources, "store", lambda: site)
    unwrap(resources.api_keys)().add("news", [Scope.ADMIN], by="eve")
    assert [key.name for key in ApiKeys(site).list()] == ["news"]
