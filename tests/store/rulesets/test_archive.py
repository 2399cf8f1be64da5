import pytest

from moderation.errors import StoreError
from moderation.store import load_ruleset, remember_ruleset
from tests.store.samples import HOSTILE_TEXTS

SOURCE = "version: 1\nword_lists: {own: own.txt}\n"


def test_a_ruleset_comes_back_as_it_was(store):
    files = HOSTILE_TEXTS | {"own.txt": "word\n# comment\n"}
    with store.transaction() as session:
        remember_ruleset("a" * 64, SOURCE, files, session=session)
    with store.reading() as session:
        assert load_ruleset("a" * 64, session=session) == (SOURCE, files)


def test_a_ruleset_is_stored_once(store):
    for source in (SOURCE, "another that can't have the same hash"):
        with store.transaction() as session:
            remember_ruleset("a" * 64, source, {}, session=session)
    with store.reading() as session:
        assert load_ruleset("a" * 64, session=session) == (SOURCE, {})


def test_a_ruleset_that_is_not_stored_is_an_error(store):
    with store.reading() as session, pytest.raises(StoreError, match="no ruleset 'b'"):
        load_ruleset("b", session=session)
