"""`moderation keys`, as an admin runs it."""

import json

import pytest

from moderation.api_keys import ApiKeys, Scope
from moderation.store import Store


def find(key):
    with Store.open("sqlite:///moderation.db") as store:
        return ApiKeys(store).find(key)


def key_in(result):
    (key,) = [line for line in result.out.splitlines() if line.startswith("cmk_")]
    return key


def test_a_key_is_added_and_printed_once(run):
    run("db", "upgrade")
    assert "no keys yet" in run("keys", "list").out
    added = run(
        *("keys", "add", "news", "--scope", "analyze", "--scope", "submit"),
        *("--site", "a", "--site", "b", "--quota", "600", "--by", "kim"),
    )
    assert added.code == 0
    assert "not shown again" in added.out
    key = find(key_in(added))
    assert (key.name, key.quota, key.by) == ("news", 600, "kim")
    assert (key.scopes, key.sites) == ({Scope.ANALYZE, Scope.SUBMIT}, {"a", "b"})
    secret = key_in(added).rpartition("_")[2]
    for command in (("list",), ("list", "--json"), ("log",), ("log", "--json")):
        assert secret not in run("keys", *command).out


def test_a_new_key_as_json_is_one_document(run):
    added = run("keys", "add", "news", "--scope", "admin", "--json")
    document = json.loads(added.out)
    assert find(document["key"]).public_id == document["public_id"]
    assert "not shown again" in added.err
    assert document["key"] not in added.err
    rotated = json.loads(run("keys", "rotate", "news", "--json").out)
    assert find(rotated["key"]).name == "news"


def test_keys_are_listed_as_they_are(run):
    run("keys", "add", "news-site-of-the-north", "--scope", "moderate", "--site", "[b]x\u202e")
    key = json.loads(run("keys", "list", "--json").out)[0]
    assert (key["scopes"], key["sites"], key["quota"], key["ends_at"]) == (
        ["moderate"],
        ["[b]x\u202e"],
        None,
        None,
    )
    shown = run("keys", "list").out
    assert key["public_id"] in shown  # whole, on a terminal of 80 columns
    assert "[b]x" in shown
    assert "\u202e" not in shown
    assert "no limit" in shown


def test_a_key_is_rotated_with_an_overlap_and_revoked(run):
    first = key_in(run("keys", "add", "news", "--scope", "submit"))
    second = key_in(run("keys", "rotate", "news", "--overlap", "2 hours"))
    left = find(first).ends_at - find(second).created_at
    assert left.total_seconds() == 7200
    assert len(json.loads(run("keys", "list", "--json").out)) == 2
    assert run("keys", "revoke", find(first).public_id).out.startswith("revoked news (")
    revoked = json.loads(run("keys", "revoke", "news", "--json").out)
    assert revoked["ends_at"]
    assert json.loads(run("keys", "list", "--json").out) == []
    assert len(json.loads(run("keys", "list", "--ended", "--json").out)) == 2
    assert "news" in run("keys", "list", "--ended").out


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("add", "x"), id="no scope"),
        pytest.param(("add", "x", "--scope", "king"), id="unknown scope"),
        pytest.param(("add", "a b", "--scope", "admin"), id="unfit name"),
        pytest.param(("add", "x", "--scope", "admin", "--quota", "0"), id="no quota"),
        pytest.param(("add", "x", "--scope", "admin", "--site", ""), id="no site"),
        pytest.param(("revoke", "nobody"), id="nobody revoked"),
        pytest.param(("rotate", "nobody"), id="nobody rotated"),
        pytest.param(("rotate", "nobody", "--overlap", "soon"), id="no duration"),
        pytest.param(("rotate", "nobody", "--overlap", "1000 days"), id="too long"),
    ],
)
def test_a_mistake_ends_in_one_message(run, arguments):
    result = run("keys", *arguments)
    assert result.code == 2
    assert result.out == ""
    assert "Traceback" not in result.err


def test_the_log_names_who_did_what(run, monkeypatch):
    monkeypatch.setenv("USER", "root")
    run("db", "upgrade")
    assert "no changes yet" in run("keys", "log").out
    run("keys", "add", "news", "--scope", "admin", "--by", "[red]kim")
    run("keys", "rotate", "news")
    logged = json.loads(run("keys", "log", "--json").out)
    assert [(one["name"], one["change"], one["by"]) for one in logged] == [
        ("news", "added", "root"),
        ("news", "rotated", "root"),
        ("news", "added", "[red]kim"),
    ]
    assert "[red]kim" in run("keys", "log").out
    assert "kim" not in run("keys", "log", "--limit", "2").out
