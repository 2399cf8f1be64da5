"""What is written without deciding waits in threads of its own, and not for long where the database fails."""

import asyncio
import threading

import pytest
from starlette.concurrency import run_in_threadpool

from moderation.api.writes import WAITING_WRITES, WRITES_AT_ONCE, Writes
from moderation.errors import CommentNotFoundError, OverloadedError, StoreError
from tests.support.loops import run_async


@pytest.fixture
def writes():
    made = Writes()
    yield made
    made.close()


class LockedDatabase:
    """Fails every write, once it may; counts them."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.tries = 0
        self.tried = threading.Semaphore(0)
        self._lock = threading.Lock()

    def write(self) -> None:
        with self._lock:
            self.tries += 1
        self.tried.release()
        assert self.go.wait(10)
        raise StoreError("the database is locked")


async def begun(writes: Writes, database: LockedDatabase, number: int) -> list["asyncio.Task[None]"]:
    tasks = [asyncio.ensure_future(writes.do(database.write)) for _ in range(number)]
    for _ in range(min(number, WRITES_AT_ONCE)):
        assert await asyncio.to_thread(database.tried.acquire, timeout=10)
    return tasks


def test_what_is_written_comes_back(writes):
    assert run_async(writes.do(lambda: 3)) == 3


def test_an_error_is_the_one_of_the_write(writes):
    def find():
        raise CommentNotFoundError("no stored comment has this number or id")

    with pytest.raises(CommentNotFoundError):
        run_async(writes.do(find))
    assert run_async(writes.do(lambda: "the next one")) == "the next one"


def test_who_waits_when_a_write_fails_does_not_wait_for_the_database_again(writes):
    database = LockedDatabase()

    async def ask_all():
        tasks = await begun(writes, database, 4 * WRITES_AT_ONCE)
        database.go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    answers = run_async(ask_all())
    assert [type(answer) for answer in answers] == [StoreError] * 4 * WRITES_AT_ONCE
    assert database.tries == WRITES_AT_ONCE


def test_one_more_than_may_wait_is_told_to_come_later(writes):
    database = LockedDatabase()

    async def ask_all():
        tasks = await begun(writes, database, WRITES_AT_ONCE + WAITING_WRITES)
        with pytest.raises(OverloadedError) as refused:
            await writes.do(database.write)
        database.go.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        return refused.value.retry_after_s

    assert run_async(ask_all()) >= 1


def test_writes_that_wait_hold_none_of_the_threads_that_requests_share(writes):
    database = LockedDatabase()

    async def ask_all():
        tasks = await begun(writes, database, 60)  # more than there are such threads
        answered = await run_in_threadpool(lambda: "at once")
        database.go.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        return answered

    assert run_async(ask_all()) == "at once"
