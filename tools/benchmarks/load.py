"""A load generator: HTTP requests over kept connections, as many at a time or as many a second as asked for.

On bare sockets, for it shares the machine with what it measures: a request costs it some fifty microseconds.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter


@dataclass
class Answers:
    """What came back.

    Attributes:
        ms: how long each answer took, in milliseconds, by status.
        seconds: how long all of it took.
        broken: requests whose connection broke.
    """

    ms: dict[int, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    broken: int = 0

    def note(self, status: int, ms: float) -> None:
        """Add an answer."""
        self.ms.setdefault(status, []).append(ms)

    @property
    def statuses(self) -> dict[int, int]:
        """How many answers of each status."""
        return dict(Counter({status: len(ms) for status, ms in sorted(self.ms.items())}))

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.ms.get(200, [])) / self.seconds

    def quantile(self, share: float) -> float:
        """Return the time, in milliseconds, within which that share of the good answers came."""
        ordered = sorted(self.ms.get(200, [float("nan")]))
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Connection:
    """One kept connection."""

    def __init__(self, host: str, port: int) -> None:
        self._place = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> int:
        """Send a request, read the whole answer, and return its status.

        Raises:
            OSError: the connection broke.
        """
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._place)
        reader, writer = self._streams
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
            await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            raise OSError("the connection broke") from error
        if b"connection: close" in lines:
            self.close()
        return int(head[9:12])

    def close(self) -> None:
        """Give it up."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


async def at_once(place: tuple[str, int], requests: Sequence[bytes], connections: int) -> Answers:
    """Send every request, over so many connections: each sends the next one when its answer is there."""
    answers, waiting = Answers(), iter(requests)

    async def work() -> None:
        connection = Connection(*place)
        for request in waiting:
            await _timed(connection, request, answers, perf_counter())
        connection.close()

    began = perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    answers.seconds = perf_counter() - began
    return answers


async def by_the_clock(
    place: tuple[str, int], requests: Sequence[bytes], *, rate: float, connections: int
) -> Answers:
    """Send requests at a rate a second, whatever becomes of them, at times that are as irregular as people's.

    The time of an answer counts from when its request was due, so that a service which falls behind can't hide it.
    """
    answers = Answers()
    free = [Connection(*place) for _ in range(connections)]
    dice = random.Random(0)  # noqa: S311 - no secret
    running: set[asyncio.Task[None]] = set()

    async def send(request: bytes, due: float) -> None:
        connection = free.pop() if free else Connection(*place)
        await _timed(connection, request, answers, due)
        free.append(connection)

    began = due = perf_counter()
    for request in requests:
        due += dice.expovariate(rate)
        if (wait := due - perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(send(request, due))
        running.add(task)
        task.add_done_callback(running.discard)
    while running:
        await asyncio.gather(*running)
    answers.seconds = perf_counter() - began
    for connection in free:
        connection.close()
    return answers


async def _timed(connection: Connection, request: bytes, answers: Answers, since: float) -> None:
    try:
        status = await connection.ask(request)
    except OSError:
        answers.broken += 1
        return
    answers.note(status, (perf_counter() - since) * 1000)
