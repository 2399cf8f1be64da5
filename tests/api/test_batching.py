"""Requests that wait are answered together, and nobody waits for nothing."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.api import batching
from moderation.api.batching import BATCH, LONG, WAITING, Batcher, Gone
from moderation.errors import InvalidCommentError, OverloadedError
from tests.support.loops import run_async


@contextmanager
def batcher(run: Callable[[list[str]], Any]) -> Iterator[Batcher[str, str]]:
    made: Batcher[str, str] = Batcher(run, weight=len, name="test")
    try:
        yield made
    finally:
        made.close()


class Held:
    """Answers in upper case, once it may; remembers each batch."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.batches: list[list[str]] = []

    def __call__(self, items: list[str]) -> list[str]:
        self.batches.append(list(items))
        assert self.go.wait(10)
        return [item.upper() for item in items]


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@given(items=st.lists(st.text(max_size=40), max_size=80))
def test_everybody_gets_the_answer_to_their_own_item(items: list[str]) -> None:
    async def ask_all() -> list[str]:
        return await asyncio.gather(*(one.ask(item) for item in items))

    with batcher(lambda batch: [item[::-1] for item in batch]) as one:
        assert run_async(ask_all()) == [item[::-1] for item in items]


def test_what_comes_while_a_batch_runs_is_the_next_batch() -> None:
    held = Held()

    async def ask_all() -> list[str]:
        first = asyncio.ensure_future(one.ask("a"))
        await settled()
        others = [asyncio.ensure_future(one.ask(f"b{number}")) for number in range(BATCH + 1)]
        await settled()
        assert len(one._short.waiting) == BATCH + 1
        held.go.set()
        return await asyncio.gather(first, *others)

    with batcher(held) as one:
        assert run_async(ask_all())[:2] == ["A", "B0"]
    assert [len(batch) for batch in held.batches] == [1, BATCH, 1]


def test_a_batch_ends_where_its_letters_are_enough() -> None:
    held = Held()
    item = "x" * (LONG - 1)

    async def ask_all() -> None:
        first = asyncio.ensure_future(one.ask("a"))
        await settled()
        others = [asyncio.ensure_future(one.ask(item)) for _ in range(10)]
        await settled()
        held.go.set()
        await asyncio.gather(first, *others)

    with batcher(held) as one:
        run_async(ask_all())
    assert all(sum(map(len, batch)) <= batching.BATCH_WEIGHT for batch in held.batches)
    assert len(held.batches) == 3


def test_a_short_item_does_not_wait_for_a_long_one() -> None:
    long_may_end = threading.Event()

    def run(items: list[str]) -> list[str]:
        if len(items[0]) >= LONG:
            assert long_may_end.wait(10)
        return items

    async def ask_both() -> str:
        long = asyncio.ensure_future(one.ask("x" * LONG))
        short = await one.ask("y")
        assert not long.done()
        long_may_end.set()
        await long
        return short

    with batcher(run) as one:
        assert run_async(ask_both()) == "y"


def test_an_item_that_nobody_waits_for_is_not_worked_on() -> None:
    held = Held()

    async def ask_all() -> None:
        first = asyncio.ensure_future(one.ask("a"))
        await settled()
        gone = Gone()
        hung_up, cancelled = asyncio.ensure_future(one.ask("b", gone)), asyncio.ensure_future(one.ask("c"))
        last = asyncio.ensure_future(one.ask("d"))
        await settled()
        gone.happened = True
        cancelled.cancel()
        await settled()
        held.go.set()
        assert [await first, await last] == ["A", "D"]
        with pytest.raises(asyncio.CancelledError):
            await hung_up

    with batcher(held) as one:
        run_async(ask_all())
    assert held.batches == [["a"], ["d"]]


def test_a_full_line_refuses_one_more_and_says_when_to_come_back() -> None:
    held = Held()

    async def ask_all() -> None:
        first = asyncio.ensure_future(one.ask("a"))
        await settled()
        others = [asyncio.ensure_future(one.ask("b")) for _ in range(WAITING)]
        await settled()
        with pytest.raises(OverloadedError) as refused:
            await one.ask("c")
        assert refused.value.retry_after_s >= 1
        held.go.set()
        await asyncio.gather(first, *others)
        assert await one.ask("d") == "D"

    with batcher(held) as one:
        run_async(ask_all())


def test_a_line_that_promises_too_long_a_wait_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(0, 100_000, 50))
    monkeypatch.setattr(batching, "monotonic", lambda: next(times))  # each batch takes 50 seconds
    held = Held()
    held.go.set()

    async def ask_all() -> None:
        assert await one.ask("a") == "A"
        await settled()
        held.go.clear()
        running = asyncio.ensure_future(one.ask("b"))
        await settled()
        waiting = asyncio.ensure_future(one.ask("c"))
        await settled()
        with pytest.raises(OverloadedError):
            await one.ask("d")
        held.go.set()
        await asyncio.gather(running, waiting)

    with batcher(held) as one:
        run_async(ask_all())


def test_an_error_reaches_everybody_in_the_batch_and_the_line_goes_on() -> None:
    fails = iter([True, False])

    def run(items: list[str]) -> list[str]:
        if next(fails):
            raise OSError
        return items

    async def ask_twice() -> str:
        with pytest.raises(OSError):  # noqa: PT011 - it has no message
            await one.ask("a")
        return await one.ask("b")

    with batcher(run) as one:
        assert run_async(ask_twice()) == "b"


def test_an_error_that_is_an_answer_is_raised_by_the_one_who_asked() -> None:
    def run(items: list[str]) -> list[Any]:
        return [InvalidCommentError("no") if item == "bad" else item for item in items]

    async def ask_all() -> list[Any]:
        return await asyncio.gather(*(one.ask(item) for item in ("a", "bad", "b")), return_exceptions=True)

    with batcher(run) as one:
        first, second, third = run_async(ask_all())
    assert (first, type(second), third) == ("a", InvalidCommentError, "b")


def test_batches_follow_each_other_in_the_order_of_asking() -> None:
    seen: list[int] = []

    def run(items: list[str]) -> list[str]:
        seen.extend(int(item) for item in items)
        return items

    async def ask_all() -> None:
        await asyncio.gather(*(one.ask(str(number)) for number in range(200)))

    with batcher(run) as one:
        run_async(ask_all())
    assert all(a < b for a, b in pairwise(seen))


def test_as_many_calls_run_at_a_time_as_there_are_threads() -> None:
    both = threading.Barrier(2)

    def run(items: list[str]) -> list[str]:
        both.wait(10)
        return items

    async def ask_both() -> None:
        first = asyncio.ensure_future(two.ask("a"))
        await settled()
        await asyncio.gather(first, two.ask("b"))

    two: Batcher[str, str] = Batcher(run, weight=len, name="test", threads=2)
    try:
        run_async(ask_both())
    finally:
        two.close()


def test_what_comes_the_moment_that_a_thread_is_done_is_answered() -> None:
    async def ask_on() -> None:
        for number in range(300):  # the answer is there before the worker has looked whether more waits
            await asyncio.gather(*(two.ask(f"{number}.{one}") for one in range(1 + number % 3)))

    two: Batcher[str, str] = Batcher(lambda items: items, weight=len, name="test", threads=2)
    try:
        run_async(asyncio.wait_for(ask_on(), 20))
    finally:
        two.close()
    assert not two._short.workers
