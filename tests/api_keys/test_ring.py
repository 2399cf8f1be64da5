"""What a process remembers of keys, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event
from typing_extensions import override

from moderation.api_keys import ApiKeys, KeyRing, Scope
from moderation.api_keys import ring as module
from moderation.errors import ApiKeyError


class Monotonic:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def watch():
    return Monotonic()


@pytest.fixture
def ring(keys, watch):
    return KeyRing(keys, clock=watch)


@pytest.fixture
def queries(store):
    """The queries that were sent to the database."""
    sent = []

    def note(*of):
        if "SELECT" in of[2]:
            sent.append(of[2])

    event.listen(store._engine, "before_cursor_execute", note)
    return sent


def unknown(number):
    return f"cmk_{number:012}_{number:032}"


def refuse(ring, text):
    with pytest.raises(ApiKeyError, match="not valid"):
        ring.find(text)


def test_a_known_key_costs_no_query_until_its_time_is_over(ring, made, queries, watch):
    for _ in range(5):
        assert ring.find(made.secret) == made.key
    assert len(queries) == 1
    watch.now += 2.0
    assert ring.find(made.secret) == made.key
    assert len(queries) == 2


def test_what_is_remembered_costs_no_query(ring, made, queries, watch):
    assert ring.remembered(made.secret) is None
    assert not queries
    ring.find(made.secret)
    refuse(ring, unknown(1))
    asked = len(queries)
    assert ring.remembered(made.secret) == made.key
    for text in (unknown(1), "no key"):
        with pytest.raises(ApiKeyError, match="not valid"):
            ring.remembered(text)
    assert len(queries) == asked
    watch.now += 2.0
    assert ring.remembered(made.secret) is None


def test_a_revoked_key_is_refused_within_two_seconds_whoever_revoked_it(ring, made, keys, watch):
    ring.find(made.secret)
    watch.now += 0.5
    keys.revoke("news", by="eve")
    ring.find(made.secret)
    watch.now += 1.5
    refuse(ring, made.secret)


def test_what_is_revoked_while_it_is_asked_for_is_remembered_no_longer(keys, made, watch):
    class Slow(ApiKeys):
        @override
        def find(self, text):
            found = super().find(text)
            watch.now += 1.5  # and revoked meanwhile
            return found

    slow = KeyRing(Slow(keys._store), clock=watch)
    slow.find(made.secret)
    keys.revoke("news", by="eve")
    watch.now += 0.5
    refuse(slow, made.secret)


def test_a_text_that_is_no_key_costs_one_query_and_is_not_refused_for_ever(
    ring, keys, store, queries, watch, monkeypatch
):
    monkeypatch.setattr("moderation.api_keys.making.make_key", lambda: (f"{7:012}", unknown(7)))
    for _ in range(3):
        refuse(ring, unknown(7))
    assert len(queries) == 1
    keys.add("late", [Scope.ANALYZE], by="eve")
    refuse(ring, unknown(7))
    watch.now += 2.0
    assert ring.find(unknown(7)).name == "late"


@pytest.mark.parametrize(
    "text", ["", "x" * 1_000_000, "\ud800", "\0", "schlüssel"], ids=["empty", "huge", "half", "nul", "umlaut"]
)
def test_a_text_without_the_form_of_a_key_costs_no_query_and_no_memory(ring, queries, text):
    refuse(ring, text)
    assert queries == []
    assert not ring._refused._values


def test_trying_many_texts_takes_no_more_memory_and_drives_no_key_out(ring, made, queries, monkeypatch):
    monkeypatch.setattr(ring._refused, "_most", 8)
    ring.find(made.secret)
    for number in range(20):
        refuse(ring, unknown(number))
    asked = len(queries)
    ring.find(made.secret)
    assert len(queries) == asked
    assert len(ring._refused._values) == 8
    assert module.MOST < 10_000


def test_it_remembers_hashes_and_no_key(ring, made):
    ring.find(made.secret)
    assert made.secret not in repr(ring._found._values)


def test_threads_share_a_ring(ring, made):
    together = Barrier(8)

    def work(number):
        together.wait()
        for n in range(50):
            assert ring.find(made.secret) == made.key
            refuse(ring, unknown(number * 5 + n % 5))
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
