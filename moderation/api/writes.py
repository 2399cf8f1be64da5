"""What is written without deciding anything: labels, verdicts, appeals. A locked database holds up nobody else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from moderation.api_keys.trouble import Trouble
from moderation.errors import OverloadedError

WRITES_AT_ONCE = 4
"""Writes at a time: SQLite takes one, PostgreSQL would take more than anybody sends."""

WAITING_WRITES = 64
"""Writes that wait for a turn; one more is refused."""

_Answer = TypeVar("_Answer")


class Writes:
    """Does writes in threads of their own, a few at a time.

    A locked database is waited for, for seconds (`MODERATION_BUSY_TIMEOUT_S`). In the threads that all requests
    share, a few dozen such waits would be all of them. Whoever waits for a turn when one fails hears of it at once.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(WRITES_AT_ONCE, thread_name_prefix="writes")
        self._trouble = Trouble()
        self._busy = 0

    async def do(self, write: Callable[[], _Answer]) -> _Answer:
        """Write, in turn, and return what `write` returns, or raise what it raises.

        Raises:
            OverloadedError: too many wait already.
            StoreError: the database can't be used; perhaps it failed while this one waited.
        """
        if self._busy >= WRITES_AT_ONCE + WAITING_WRITES:
            raise OverloadedError(
                "more waits to be written than can be written in time",
                hint="send the same request again a little later",
                retry_after_s=2.0,
            )
        seen = self._trouble.seen()
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, seen, write)
        finally:
            self._busy -= 1

    def close(self) -> None:
        """End the threads, after what they are at."""
        self._threads.shutdown()

    def _do(self, seen: int, write: Callable[[], _Answer]) -> _Answer:
        with self._trouble.asking(seen):
            return write()
