"""Requests that wait are answered together: one call for all of them costs less than one for each.

Nobody waits for company: what comes while a thread is free begins at once, and what comes meanwhile is the next batch.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, Protocol, TypeVar

from moderation.errors import ModerationError, OverloadedError

Item = TypeVar("Item")
Answer = TypeVar("Answer")

BATCH = 16
"""Items of one call: more bring little, and each of them waits for all."""

THREADS = 2
"""Calls that run at a time, where two may: while the answers of one are sent, the other keeps the processor busy."""

BATCH_WEIGHT = 12_000
"""Weight of one call, in letters: what is scored in about a tenth of a second."""

LONG = 2_000
"""Weight from which on an item waits in a line of its own, so that no short one waits behind it."""

WAITING = 256
"""Items that wait in one line; one more is refused."""

WAIT_S = 2.0
"""Longest wait, in seconds: where the line promises a longer one, the next item is refused."""


@dataclass(eq=False, slots=True)
class Gone:
    """Whether the client that waits for an answer has hung up."""

    happened: bool = False


class LineWatch(Protocol):
    """Is told of a line, in the thread of the event loop."""

    def waits(self, items: int) -> None:
        """So many items wait now."""

    def answered(self, answers: Sequence[object]) -> None:
        """These answers were given together."""


@dataclass(slots=True)
class _Waiting(Generic[Item, Answer]):
    item: Item
    weight: int
    gone: Gone
    answer: "asyncio.Future[Answer]"


@dataclass(eq=False)
class _Line(Generic[Item, Answer]):
    """Items in the order in which they came, and the threads that answer them, batch by batch."""

    run: Callable[[list[Item]], Sequence[Answer]]
    name: str
    threads: int
    waiting: deque[_Waiting[Item, Answer]] = field(default_factory=deque)
    weight: int = 0
    workers: "set[asyncio.Task[None] | None]" = field(default_factory=set)
    s_per_call: float = 0.0
    told: LineWatch | None = None

    def __post_init__(self) -> None:
        self._threads = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    def add(self, waiting: _Waiting[Item, Answer]) -> None:
        wait = self.expected_s()
        if len(self.waiting) >= WAITING or wait > WAIT_S:
            raise OverloadedError(
                "more requests wait than can be answered in time",
                hint="send the same request again a little later",
                retry_after_s=max(1.0, wait / 2),
            )
        self.waiting.append(waiting)
        self.weight += waiting.weight
        self._tell()
        if len(self.workers) < self.threads:
            self.workers.add(asyncio.get_running_loop().create_task(self._work()))

    def expected_s(self) -> float:
        """How long an item that came now would wait, in seconds, by how long the latest calls took."""
        calls = _calls(len(self.waiting), self.weight) if self.waiting else 0.0
        return calls * self.s_per_call / self.threads

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while batch := self._next():
            began = monotonic()
            try:
                answers = await loop.run_in_executor(self._threads, self.run, [one.item for one in batch])
                for one, answer in zip(batch, answers, strict=True):
                    if not one.answer.done():
                        one.answer.set_result(answer)
                if self.told:
                    self.told.answered(answers)
            except Exception as error:  # noqa: BLE001 - raised again by everybody who waits for it
                for one in batch:
                    if not one.answer.done():
                        one.answer.set_exception(error)
            calls = _calls(len(batch), sum(one.weight for one in batch))
            self._learn((monotonic() - began) / calls)
        self.workers.discard(asyncio.current_task())  # at once: who comes now finds a place free

    def _next(self) -> list[_Waiting[Item, Answer]]:
        batch: list[_Waiting[Item, Answer]] = []
        room = BATCH_WEIGHT
        while self.waiting and len(batch) < BATCH and (not batch or self.waiting[0].weight <= room):
            one = self.waiting.popleft()
            self.weight -= one.weight
            if one.gone.happened or one.answer.done():
                one.answer.cancel()  # nobody waits for it: it is not worked on
                continue
            room -= one.weight
            batch.append(one)
        self._tell()
        return batch

    def _tell(self) -> None:
        if self.told:
            self.told.waits(len(self.waiting))

    def _learn(self, took: float) -> None:
        self.s_per_call = took if not self.s_per_call else 0.8 * self.s_per_call + 0.2 * took

    def close(self) -> None:
        self._threads.shutdown()


def _calls(items: int, weight: int) -> float:
    """How many full calls so much is. Less than one counts as one: a call has its price, however short the texts are."""
    return max(1.0, items / BATCH, weight / BATCH_WEIGHT)


class Batcher(Generic[Item, Answer]):
    """Answers items, those that wait together.

    Args:
        run: answers a batch; as many answers, in order, where an error is the answer to one item alone. It runs in
            threads of its own.
        weight: what an item costs, in letters of text.
        name: for the threads, and for what is measured.
        threads: how many calls run at a time for short items. One runs for long ones.
    """

    def __init__(
        self,
        run: Callable[[list[Item]], Sequence[Answer | ModerationError]],
        *,
        weight: Callable[[Item], int],
        name: str,
        threads: int = 1,
    ) -> None:
        self.name = name
        self._weight = weight
        self._short: _Line[Item, Answer | ModerationError] = _Line(run, name, threads)
        self._long: _Line[Item, Answer | ModerationError] = _Line(run, f"{name}, long", 1)

    def watch(self, watch: Callable[[str, str], LineWatch]) -> None:
        """Tell of both lines from now on.

        Args:
            watch: makes what is told, from the name and the length of a line's items: `short` or `long`.
        """
        self._short.told, self._long.told = watch(self.name, "short"), watch(self.name, "long")

    async def ask(self, item: Item, gone: Gone | None = None) -> Answer:
        """Wait for the answer to an item.

        Args:
            item: what to answer.
            gone: tells when nobody waits any more; the item is then not worked on.

        Raises:
            ModerationError: why this item has no answer.
            OverloadedError: more waits already than can be answered in time.
            asyncio.CancelledError: the client is gone.
        """
        weight = self._weight(item)
        answer: asyncio.Future[Answer | ModerationError] = asyncio.get_running_loop().create_future()
        line = self._long if weight >= LONG else self._short
        line.add(_Waiting(item, weight, gone or Gone(), answer))
        given = await answer
        if isinstance(given, ModerationError):
            raise given
        return given

    def close(self) -> None:
        """End the threads, after what they are at."""
        self._short.close()
        self._long.close()
