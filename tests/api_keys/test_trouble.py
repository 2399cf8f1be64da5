"""What a database that does not answer costs those who ask."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event

import pytest

from moderation.api_keys import ApiKeys, KeyRing, Quotas
from moderation.api_keys.trouble import Trouble
from moderation.domain import Scope
from moderation.errors import ApiKeyError, StoreBusyError

LOCKED = StoreBusyError("the database stayed locked", hint="try again")


def ask(trouble, *, seen=None, error=None):
    with trouble.asking(trouble.seen() if seen is None else seen):
        if error:
            raise error


def test_a_database_that_answers_is_asked_by_all_at_a_time():
    trouble = Trouble()
    together = Barrier(4, timeout=60)

    def one(_):
        with trouble.asking(trouble.seen()):
            together.wait()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))


def test_after_a_failure_one_tries_and_the_others_hear_of_it_at_once():
    trouble = Trouble()
    with pytest.raises(StoreBusyError):
        ask(trouble, error=LOCKED)
    seen = trouble.seen()
    with trouble.asking(seen):
        for refused in (trouble.seen, lambda: ask(trouble, seen=seen)):
            with pytest.raises(StoreBusyError, match="stayed locked") as caught:
                refused()
            assert caught.value is not LOCKED
            assert caught.value.hint == LOCKED.hint
    ask(trouble)


def test_who_waited_through_a_failure_does_not_wait_for_another():
    trouble = Trouble()
    seen = trouble.seen()
    with pytest.raises(StoreBusyError):
        ask(trouble, error=LOCKED)
    with pytest.raises(StoreBusyError):
        ask(trouble, seen=seen)
    ask(trouble)
    ask(trouble, seen=seen)


@pytest.mark.parametrize("answer", [None, ApiKeyError("no such key")], ids=["an answer", "a refusal"])
def test_a_database_that_answers_again_is_asked_by_all_again(answer):
    trouble = Trouble()
    with suppress(StoreBusyError):
        ask(trouble, error=LOCKED)
    with suppress(ApiKeyError):
        ask(trouble, error=answer)
    with trouble.asking(trouble.seen()):
        ask(trouble)


class LockedStore:
    """A database that is locked until it is told to give up; counts who waits for it."""

    def __init__(self):
        self.asked = 0
        self.waits, self.gives_up = Event(), Event()

    def transaction(self):
        self.asked += 1
        self.waits.set()
        assert self.gives_up.wait(60)
        raise LOCKED

    reading = transaction


def spending(store, key):
    quotas = Quotas(store)
    return lambda: quotas.spend(key.key, 1)


def looking(store, key):
    ring = KeyRing(ApiKeys(store))
    return lambda: ring.find(key.secret)


@pytest.mark.parametrize("way", [spending, looking])
def test_requests_do_not_wait_for_a_locked_database_one_after_the_other(store, way):
    key = ApiKeys(store).add("news", [Scope.SUBMIT], quota=100, by="eve")
    locked = LockedStore()
    call = way(locked, key)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(call)
        locked.gives_up.set()
        assert isinstance(first.exception(60), StoreBusyError)
        locked.waits.clear()
        locked.gives_up.clear()
        tries = pool.submit(call)
        assert locked.waits.wait(60)
        for _ in range(20):
            with pytest.raises(StoreBusyError):
                call()
        assert locked.asked == 2
        locked.gives_up.set()
        assert isinstance(tries.exception(60), StoreBusyError)
