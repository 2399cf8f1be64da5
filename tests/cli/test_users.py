"""`moderation users`, as an admin runs it."""

import json

import pytest

from moderation.desk import Identities, Identity, Users
from moderation.store import Store

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def one_time(result):
    return result.out.split("one-time password: ")[1].strip()


def test_a_user_is_added_with_a_one_time_password(run):
    run("db", "upgrade")
    assert "no users yet" in run("users", "list").out
    added = run("users", "add", "eve", "--role", "admin")
    assert added.code == 0
    with Store.open("sqlite:///moderation.db") as store:
        account = Users(store).authenticate("eve", one_time(added), "here")
    assert account.user.is_admin
    assert account.must_change


def test_users_are_listed_disabled_and_enabled(run):
    run("users", "add", "eve", "--role", "admin")
    run("users", "add", "ann")
    assert run("users", "disable", "ann").code == 0
    assert "disabled" in run("users", "list").out
    assert run("users", "enable", "ann").code == 0
    listed = json.loads(run("users", "list", "--json").out)
    assert [(user["name"], user["role"], user["disabled_at"]) for user in listed] == [
        ("ann", "moderator", None),
        ("eve", "admin", None),
    ]
    assert all("password" not in user for user in listed)


def test_a_password_may_be_typed_instead(run, monkeypatch):
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "four random words")
    assert "one-time" not in run("users", "add", "ann", "--prompt").out
    assert "one-time" not in run("users", "password", "ann", "--prompt").out
    with Store.open("sqlite:///moderation.db") as store:
        assert not Users(store).authenticate("ann", "four random words", "here").must_change


def test_a_new_password_replaces_the_old_one(run):
    first = one_time(run("users", "add", "ann"))
    second = one_time(run("users", "password", "ann"))
    with Store.open("sqlite:///moderation.db") as store:
        assert Users(store).authenticate("ann", second, "here").name == "ann"
    assert first != second


@pytest.mark.parametrize(
    "arguments",
    [("disable", "nobody"), ("password", "nobody"), ("add", "a b"), ("add", "ann", "--role", "king")],
)
def test_a_mistake_ends_in_one_message(run, arguments):
    result = run("users", *arguments)
    assert result.code == 2
    assert "Traceback" not in result.err


def test_the_log_names_who_did_what(run, monkeypatch):
    monkeypatch.setenv("USER", "root")
    run("db", "upgrade")
    assert "no changes yet" in run("users", "log").out
    run("users", "add", "eve", "--role", "admin", "--by", "[red]kim")
    run("users", "add", "ann")
    run("users", "disable", "ann")
    logged = json.loads(run("users", "log", "--json").out)
    assert [(one["name"], one["change"], one["by"]) for one in logged] == [
        ("ann", "disabled", "root"),
        ("ann", "added", "root"),
        ("eve", "added", "[red]kim"),
    ]
    shown = run("users", "log", "--limit", "2").out
    assert "disabled" in shown
    assert "kim" not in shown
    assert "[red]kim" in run("users", "log").out


def test_a_user_is_unbound_from_who_they_are_at_a_provider(run):
    run("users", "add", "ann@example.com")
    assert run("users", "unbind", "ann@example.com").code == 2
    with Store.open("sqlite:///moderation.db") as store:
        Identities(store).recognise(Identity("https://a.example.com", "[b]1\u202e"), "ann@example.com")
    listed = json.loads(run("users", "list", "--json").out)
    assert [(user["issuer"], user["subject"]) for user in listed] == [("https://a.example.com", "[b]1\u202e")]
    assert "[b]1" in run("users", "list").out
    assert "\u202e" not in run("users", "list").out + run("users", "log").out
    assert run("users", "unbind", "ann@example.com", "--by", "eve").out == "unbound ann@example.com\n"
    assert "bound to" not in run("users", "list").out
    logged = json.loads(run("users", "log", "--json").out)
    assert [(one["change"], one["by"]) for one in logged][:2] == [
        ("unbound", "eve"),
        ("bound", "[b]1\u202e at https://a.example.com"),
    ]
