"""How much a key may be used for in a minute, in one process and in several."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

from moderation.api_keys import ApiKeys, Quotas, Scope
from moderation.errors import QuotaError, RequestError
from moderation.store import Store
from tests.api_keys.children import MINUTE, spend
from tests.support.laws import examples

NUMBERS = count(1)


class Seconds:
    """A clock of its own."""

    def __init__(self):
        self.now = MINUTE * 60.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def quotas(store, seconds):
    return Quotas(store, clock=seconds)


@pytest.fixture
def queries(store):
    sent = []
    event.listen(store._engine, "before_cursor_execute", lambda *of: sent.append(of[2]))
    return sent


def key_with(store, quota, name="news"):
    return ApiKeys(store).add(name, [Scope.SUBMIT], quota=quota, by="eve").key


def taken(quotas, key, sizes):
    """Spend batches; return how many comments were taken."""
    total = 0
    for size in sizes:
        with suppress(QuotaError, RequestError):
            quotas.spend(key, size)
            total += size
    return total


def rows(store):
    with store.reading() as session:
        return [
            tuple(row)
            for row in session.connection().execute(
                text("SELECT key_id, minute, used FROM api_key_use ORDER BY 1, 2")
            )
        ]


@pytest.mark.parametrize("quota", [1, 7, 100, 1000, 12_345])
def test_a_quota_is_spent_to_the_last_comment_and_no_further(store, quotas, quota):
    key = key_with(store, quota)
    assert taken(quotas, key, [1] * (quota + 5)) == quota
    assert rows(store) == [(key.id, MINUTE, quota)]


def test_who_has_none_left_learns_when_to_come_back(store, quotas, seconds):
    key = key_with(store, 2)
    quotas.spend(key, 2)
    seconds.now += 42.5
    with pytest.raises(QuotaError) as caught:
        quotas.spend(key, 1)
    assert caught.value.retry_after_s == pytest.approx(17.5)
    assert "next minute" in caught.value.hint
    seconds.now += 17.5
    quotas.spend(key, 2)


def test_what_is_left_of_a_block_does_not_last_into_the_next_minute(store, quotas, seconds):
    key = key_with(store, 1000)
    quotas.spend(key, 1)
    seconds.now += 60
    assert taken(quotas, key, [1] * 1010) == 1000
    assert rows(store) == [(key.id, MINUTE, 10), (key.id, MINUTE + 1, 1000)]


def test_a_batch_is_taken_whole_or_not_at_all(store, quotas):
    key = key_with(store, 1000)
    assert taken(quotas, key, [600, 500]) == 600
    assert taken(quotas, key, [400, 1]) == 400


def test_a_batch_over_the_whole_quota_is_told_so(store, quotas, queries):
    key = key_with(store, 10)
    before = len(queries)
    with pytest.raises(RequestError) as caught:
        quotas.spend(key, 11)
    assert "10 comments at most" in caught.value.hint
    assert len(queries) == before


def test_without_a_quota_nothing_is_counted(store, quotas, queries):
    key, limited = key_with(store, None), key_with(store, 5, "limited")
    before = len(queries)
    assert taken(quotas, key, [1_000_000] * 3) == 3_000_000
    quotas.spend(limited, 0)
    assert len(queries) == before


def test_a_block_costs_one_statement_and_a_refusal_none(store, quotas, queries):
    key = key_with(store, 1000)
    quotas.spend(key, 1)  # this one looks for old minutes, too
    before = len(queries)
    assert taken(quotas, key, [1] * 9) == 9
    assert len([one for one in queries[before:] if "api_key_use" in one]) == 0
    taken(quotas, key, [1] * 1000)
    statements = [one for one in queries[before:] if "api_key_use" in one]
    assert len(statements) <= 99 + 2
    before = len(queries)
    assert taken(quotas, key, [1] * 50) == 0
    assert len(queries) == before


def test_the_largest_quota_overflows_nothing(store, quotas):
    key = key_with(store, 2**31 - 1)
    assert taken(quotas, key, [2**31 - 1, 1]) == 2**31 - 1


def test_keys_have_quotas_of_their_own(store, quotas):
    assert [taken(quotas, key_with(store, 5, name), [1] * 9) for name in ("a", "b")] == [5, 5]


def test_old_minutes_are_forgotten(store, quotas, seconds):
    key = key_with(store, 5)
    for minute in (0, 1, 30, 62):
        seconds.now = (MINUTE + minute) * 60.0
        quotas.spend(key, 1)
    assert [minute - MINUTE for _, minute, _ in rows(store)] == [30, 62]


def test_a_clock_that_goes_back_gives_no_more_than_the_quota(store, quotas, seconds):
    key = key_with(store, 500)
    total = 0
    for step in (0, 60, -60, 60):
        seconds.now += step
        total += taken(quotas, key, [1] * 400)
    assert total <= 1000
    assert all(used <= 500 for _, _, used in rows(store))


@pytest.fixture(scope="module")
def memory():
    """A store for many examples, each with a key of its own."""
    with Store.open("sqlite://") as store:
        yield store


@examples(25)
@given(
    quota=st.integers(1, 250), sizes=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 60)), max_size=60)
)
def test_processes_never_take_more_than_the_quota_and_leave_little(memory, quota, sizes):
    """Each `Quotas` stands for a process."""
    key = key_with(memory, quota, f"key-{next(NUMBERS)}")
    processes = [Quotas(memory, clock=lambda: MINUTE * 60.0) for _ in range(3)]
    total = sum(taken(processes[number], key, [size]) for number, size in sizes)
    total += taken(processes[0], key, [1] * quota)
    assert quota * 0.9 <= total <= quota


def test_threads_share_a_quota(store, quotas):
    key = key_with(store, 1000)
    together = Barrier(8)

    def work(_):
        together.wait()
        return taken(quotas, key, [1, 3] * 100)

    with ThreadPoolExecutor(8) as pool:
        total = sum(pool.map(work, range(8)))
    assert total <= 1000
    assert total + taken(quotas, key, [1] * 5) == 1000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("quota", "sizes"),
    [
        pytest.param(1000, [1], id="one by one"),
        pytest.param(1000, [1, 25, 3], id="batches"),
        pytest.param(40, [1], id="a small quota"),
    ],
)
def test_processes_share_a_quota(database_url, begin, quota, sizes):
    with Store.open(database_url) as store:
        made = ApiKeys(store).add("news", [Scope.SUBMIT], quota=quota, by="eve")
        start = time.time() + 0.5
        processes = [begin(spend, database_url, start, made.secret, sizes, 5 * quota) for _ in range(4)]
        answers = [process.hear() for process in processes]
        assert quota * 0.9 <= sum(spent for spent, _ in answers) <= quota
        assert all(refusals for _, refusals in answers)
        assert rows(store) == [(made.key.id, MINUTE, quota)]


@pytest.mark.slow
def test_what_idle_processes_set_aside_is_little(database_url, begin):
    with Store.open(database_url) as store:
        made = ApiKeys(store).add("news", [Scope.SUBMIT], quota=1000, by="eve")
        idle = [begin(spend, database_url, 0.0, made.secret, [1], 1).hear() for _ in range(6)]
        (busy, _) = begin(spend, database_url, 0.0, made.secret, [1], 2000).hear()
        assert idle == [(1, 0)] * 6
        assert 900 <= busy + 6 <= 1000
