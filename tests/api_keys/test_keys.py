"""Keys: who has one, until when, and that nothing else opens the service."""

import hmac
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from moderation.api_keys import ApiKeys, KeyChange, Scope
from moderation.api_keys import keys as module
from moderation.errors import ApiKeyError, ScopeError
from moderation.store import Store
from moderation.store.tables.api_keys import ApiKeyRow
from tests.store.samples import NOON
from tests.support.laws import examples

HOSTILE = {
    "nothing": "",
    "another form": "sk-1234",
    "prefix alone": "cmk_",
    "one letter short": "cmk_" + "a" * 12 + "_" + "b" * 31,
    "one letter long": "cmk_" + "a" * 12 + "_" + "b" * 33,
    "a line feed": "cmk_" + "a" * 12 + "_" + "b" * 32 + "\n",
    "digits of another script": "cmk_" + "a" * 12 + "_" + "٣" * 32,
    "nul": "cmk_" + "a" * 12 + "_" + "b" * 31 + "\0",
    "half a pair": "cmk_" + "a" * 12 + "_" + "b" * 31 + "\ud800",
    "not ASCII": "schlüssel",
    "huge": "cmk_" + "a" * 5_000_000,
    "unknown": "cmk_" + "a" * 12 + "_" + "b" * 32,
}


def stored(store, query):
    with store.reading() as session:
        return session.connection().execute(text(query)).all()


def refused(keys, key):
    with pytest.raises(ApiKeyError) as caught:
        keys.find(key)
    return str(caught.value)


def test_a_key_is_found_with_all_that_it_may(keys, made):
    key = keys.find(made.secret)
    assert key == made.key
    assert (key.name, key.by, key.created_at, key.ends_at) == ("news", "eve", NOON, None)
    assert (key.scopes, key.sites, key.quota) == ({Scope.ANALYZE, Scope.SUBMIT}, {"news"}, 600)
    assert re.fullmatch(r"cmk_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}", made.secret)
    assert made.secret.split("_")[1] == key.public_id


def test_only_a_hash_of_it_is_stored_and_no_repr_shows_it(store, made):
    secret = made.secret.rpartition("_")[2]
    (row,) = stored(store, "SELECT * FROM api_key")
    changes = stored(store, "SELECT * FROM api_key_change")
    assert secret not in str(row) + str(changes) + repr(made) + str(made)


@pytest.mark.parametrize("key", HOSTILE.values(), ids=HOSTILE)
def test_no_other_text_is_a_key_and_all_are_refused_alike(keys, made, key):
    said = refused(keys, key)
    assert said == refused(keys, made.secret[:-1] + ("x" if made.secret[-1] != "x" else "y"))
    assert key[:20] not in said or not key


@pytest.fixture(scope="module")
def empty():
    with Store.open("sqlite://") as store:
        yield ApiKeys(store)


@examples(200)
@given(sent=st.text() | st.from_regex(r"cmk_\w{12}_\w{32}", fullmatch=True))
def test_any_text_is_refused_and_breaks_nothing(empty, sent):
    refused(empty, sent)


def test_an_unknown_public_part_costs_the_same_comparison(keys, made, monkeypatch):
    compared = []

    def compare(*both):
        compared.append(both)
        return hmac.compare_digest(*both)

    monkeypatch.setattr(module, "compare_digest", compare)
    refused(keys, made.secret[:-4] + "zzzz")
    refused(keys, HOSTILE["unknown"])
    assert [[len(one) for one in both] for both in compared] == [[64, 64], [64, 64]]


def test_a_key_does_what_its_scopes_say_where_its_sites_say(keys, made):
    made.key.require(Scope.ANALYZE)
    made.key.require_site("news")
    with pytest.raises(ScopeError, match="lacks the scope 'moderate'"):
        made.key.require(Scope.MODERATE)
    with pytest.raises(ScopeError, match="other sites") as caught:
        made.key.require_site("<b>sport")
    assert "sport" not in str(caught.value)
    anywhere = keys.add("all", [Scope.ADMIN], by="eve").key
    anywhere.require_site("sport")
    with pytest.raises(ScopeError):  # one scope doesn't hold another
        anywhere.require(Scope.ANALYZE)
    both = keys.add("two", [Scope.ADMIN], sites=["news", "sport"], by="eve").key
    assert [key.only_site for key in (made.key, anywhere, both)] == ["news", None, None]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        pytest.param("", {}, id="no name"),
        pytest.param("a b", {}, id="a blank"),
        pytest.param("<b>", {}, id="markup"),
        pytest.param("a" * 65, {}, id="long"),
        pytest.param("nul\0", {}, id="nul"),
        pytest.param("half\ud800", {}, id="half a pair"),
        pytest.param("\u202ename", {}, id="turned"),
        pytest.param("cmk_" + "a" * 12 + "_" + "b" * 32, {}, id="a key"),
        pytest.param("a", {"scopes": []}, id="no scope"),
        pytest.param("a", {"quota": 0}, id="no quota"),
        pytest.param("a", {"quota": 2**31}, id="too high a quota"),
        pytest.param("a", {"sites": ["x", ""]}, id="a site without a name"),
    ],
)
def test_an_unfit_key_is_not_made(keys, name, values):
    with pytest.raises(ApiKeyError):
        keys.add(name, **({"scopes": [Scope.ADMIN], "by": "eve"} | values))
    assert keys.list(ended=True) == []


@pytest.mark.parametrize("name", ["뉴스", "ann.smith@news+2_x", "Zoe\u0308"])
def test_a_name_may_be_of_any_script(keys, name):
    made = keys.add(f" {name} ", [Scope.ADMIN], sites=["\ud800\0"], by="\0\ud800", quota=2**31 - 1)
    assert keys.find(made.secret) == keys.list()[0] == made.key
    assert keys.revoke(name, by="eve").id == made.key.id


def test_a_revoked_key_is_refused_at_once_and_its_name_is_free(keys, made):
    with pytest.raises(ApiKeyError, match="'news' already"):
        keys.add("news", [Scope.ADMIN], by="eve")
    ended = keys.revoke("news", by="kim")
    assert ended.ends_at == NOON
    refused(keys, made.secret)
    assert keys.list() == []
    assert keys.list(ended=True) == [ended]
    again = keys.add("news", [Scope.ADMIN], by="eve")
    assert [key.id for key in keys.list(ended=True)] == [again.key.id, ended.id]


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("nobody", id="unknown"),
        pytest.param("cmk_" + "a" * 12 + "_" + "b" * 32, id="a whole key"),
        pytest.param("\0\ud800", id="what no database can look for"),
    ],
)
def test_what_is_not_there_is_not_changed_and_not_said_again(keys, made, reference):
    for change in (
        lambda: keys.revoke(reference, by="eve"),
        lambda: keys.rotate(reference, overlap=timedelta(1), by="eve"),
    ):
        with pytest.raises(ApiKeyError, match="no key in force") as caught:
            change()
        assert reference not in str(caught.value)
    assert keys.find(made.secret) == made.key
    assert len(keys.changes()) == 1


def test_a_rotated_key_works_beside_the_new_one_until_its_time_is_over(keys, made, clock):
    newer = keys.rotate("news", overlap=timedelta(hours=1), by="kim")
    same = ("name", "scopes", "sites", "quota")
    assert [getattr(newer.key, name) for name in same] == [getattr(made.key, name) for name in same]
    assert newer.secret != made.secret
    assert [key.id for key in keys.list()] == [newer.key.id, made.key.id]
    clock.forward(minutes=59)
    assert keys.find(made.secret).ends_at == NOON + timedelta(hours=1)
    clock.forward(minutes=1)
    refused(keys, made.secret)
    assert keys.find(newer.secret) == newer.key
    assert keys.list() == [newer.key]


def test_a_key_may_be_replaced_at_once(keys, made):
    newer = keys.rotate(made.key.public_id, overlap=timedelta(0), by="kim")
    refused(keys, made.secret)
    assert keys.list() == [newer.key]


def test_a_key_is_replaced_once(keys, made):
    newer = keys.rotate("news", overlap=timedelta(1), by="kim")
    with pytest.raises(ApiKeyError, match="replaced already"):
        keys.rotate(made.key.public_id, overlap=timedelta(1), by="kim")
    newest = keys.rotate("news", overlap=timedelta(1), by="kim")  # by name: the newest of them
    assert [key.id for key in keys.list()] == [newest.key.id, newer.key.id, made.key.id]


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=367), timedelta.max])
def test_an_overlap_has_bounds(keys, made, overlap):
    with pytest.raises(ApiKeyError, match="0 to 366 days"):
        keys.rotate("news", overlap=overlap, by="kim")
    assert keys.list() == [made.key]


def test_by_its_public_part_one_key_ends_and_by_its_name_all_do(keys, made):
    newer = keys.rotate("news", overlap=timedelta(1), by="kim")
    keys.revoke(made.key.public_id, by="kim")
    refused(keys, made.secret)
    newest = keys.rotate("news", overlap=timedelta(1), by="kim")
    assert keys.revoke("news", by="kim").id == newest.key.id
    for one in (newer, newest):
        refused(keys, one.secret)


def test_the_log_says_who_did_what(keys, made, clock):
    clock.forward(hours=1)
    newer = keys.rotate("news", overlap=timedelta(1), by="kim")
    keys.revoke("news", by="\0eve")
    old, new = made.key.public_id, newer.key.public_id
    found = keys.changes(latest=9)
    assert [(one.public_id, one.change, one.by) for one in found] == [
        (new, KeyChange.REVOKED, "\0eve"),
        (old, KeyChange.REVOKED, "\0eve"),
        (new, KeyChange.ADDED, "kim"),
        (old, KeyChange.ROTATED, "kim"),
        (old, KeyChange.ADDED, "eve"),
    ]
    assert {one.name for one in found} == {"news"}
    assert [one.at for one in found] == [NOON + timedelta(hours=1)] * 4 + [NOON]
    assert keys.changes(latest=2) == found[:2]


def test_the_first_key_may_do_everything_and_is_made_once(keys):
    first = keys.ensure_first("first", "system")
    assert first.key.scopes == set(Scope)
    assert keys.find(first.secret).by == "system"
    keys.revoke("first", by="eve")
    assert keys.ensure_first("first", "system") is None


def test_a_scope_of_a_newer_release_opens_nothing(keys, made, store):
    with store.transaction() as session:
        row = session.get(ApiKeyRow, made.key.id)
        row.scopes = ["analyze", "everything"]
        session.add(row)
    assert keys.find(made.secret).scopes == {Scope.ANALYZE}


def test_of_several_that_want_a_name_at_once_one_gets_it(keys):
    together = Barrier(6)

    def work(_):
        together.wait()
        try:
            return keys.add("news", [Scope.ADMIN], by="eve").key
        except ApiKeyError:
            return None

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(work, range(6)))
    assert [key for key in found if key] == keys.list()
    assert len(keys.list()) == 1
