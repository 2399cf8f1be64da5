"""Times the HTTP service, load generator included, on the machine that it runs on.

    python -m tools.benchmarks.service               a table, beside what is to be reached
    python -m tools.benchmarks.service --only one    one of its rows: one, many, steady, overload

The service is `moderation serve` as it is started, with one worker, on a new SQLite database; requests are
Perspective's `comments:analyze` for TOXICITY, in English, of 25 words where nothing else is said. The load generator
(load.py) runs beside it on the same cores. Ratios are of one run; the machine should have nothing else to do.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from moderation import Comment, Moderator
from moderation.api_keys import ApiKeys
from moderation.domain import Scope
from moderation.store import Store
from tools.benchmarks.load import Connection, at_once, by_the_clock
from tools.benchmarks.texts import of_words

WORDS = 25
CONNECTIONS = 32
ROWS = ("one", "many", "steady", "overload")
_PORTS = 18080, 18081
_WELL, _QUICK_S, _IN_A_ROW, _PATIENCE_S = 200, 0.1, 10, 60


@dataclass(frozen=True)
class Served:
    """A service that runs."""

    place: tuple[str, int]
    process: "subprocess.Popen[bytes]"
    requests: Sequence[bytes]

    def memory_mb(self) -> float:
        """Resident memory of the process, in MB of a million bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=ROWS, help="one row")
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often each side of a ratio runs (default: 3)"
    )
    parser.add_argument("--seconds", type=int, default=60, help="length of the overload (default: 60)")
    asked = parser.parse_args()
    rows = [asked.only] if asked.only else ROWS
    texts = of_words(WORDS, 1000)
    print("| what | service | against | ratio | to reach |\n| --- | --- | --- | --- | --- |")
    with ours(texts) as service:
        if "one" in rows:
            _one(service, texts, asked.rounds)
        capacity = _many(service, texts, asked.rounds)
        if "steady" in rows:
            _steady(service, capacity)
        print(f"| memory of the worker | {service.memory_mb():.0f} MB | | | ≤ 350 MB |")
        if "overload" in rows:
            _overload(service, capacity, asked.seconds)


def _one(service: Served, texts: Sequence[str], rounds: int) -> None:
    served, called = [], []
    with Moderator.open("rules.yaml") as moderator:
        for _ in range(rounds):
            answers = asyncio.run(at_once(service.place, service.requests[:220], 1))
            served.append(statistics.median(answers.ms[_WELL][20:]))
            called.append(_p50_of_check(moderator, texts[:220]))
    ours_ms, check_ms = statistics.median(served), statistics.median(called)
    row = f"| analyze, {WORDS} words, one at a time, p50 | {ours_ms:.2f} ms | `check` {check_ms:.2f} ms"
    print(f"{row} | {ours_ms - check_ms:+.2f} ms | ≤ + 2 ms |", flush=True)


def _p50_of_check(moderator: Moderator, texts: Sequence[str]) -> float:
    times = []
    for text in texts:
        began = perf_counter()
        moderator.check(Comment(text))
        times.append((perf_counter() - began) * 1000)
    return statistics.median(times[20:])


def _many(service: Served, texts: Sequence[str], rounds: int) -> float:
    """Print what 32 connections get, against scoring in bulk and against FastAPI around Detoxify; return it, a second."""
    served, bulk, peer = [], [], []
    with Moderator.open("rules.yaml") as moderator, detoxify(texts) as other:
        for _ in range(rounds):
            served.append(asyncio.run(at_once(service.place, service.requests, CONNECTIONS)).rate)
            bulk.append(_rate_of_scoring(moderator, texts))
            peer.append(asyncio.run(at_once(other.place, other.requests[:300], CONNECTIONS)).rate)
    ours_s, bulk_s, peer_s = map(statistics.median, (served, bulk, peer))
    row = f"| {CONNECTIONS} connections | {ours_s:.0f} comments/s |"
    print(f"{row} scoring in process, bulk: {bulk_s:.0f}/s | {ours_s / bulk_s:.2f} × | ≥ 0.8 × |")
    print(f"{row} FastAPI around Detoxify: {peer_s:.0f}/s | {ours_s / peer_s:.1f} × | ≥ 5 × |", flush=True)
    return ours_s


def _rate_of_scoring(moderator: Moderator, texts: Sequence[str]) -> float:
    scorer = moderator.pipeline.scorer
    assert scorer is not None  # noqa: S101 - rules.yaml scores
    began = perf_counter()
    scorer.score(texts, languages=["en"] * len(texts))
    return len(texts) / (perf_counter() - began)


def _steady(service: Served, capacity: float) -> None:
    rate = 0.7 * capacity
    requests = [service.requests[n % len(service.requests)] for n in range(int(rate * 20))]
    answers = asyncio.run(by_the_clock(service.place, requests, rate=rate, connections=64))
    row = f"| {rate:.0f} comments/s (70 %), p99 | {answers.quantile(0.99):.0f} ms | p50 {answers.quantile(0.5):.0f} ms"
    print(f"{row}, {answers.statuses} | | ≤ 200 ms |", flush=True)


def _overload(service: Served, capacity: float, seconds: int) -> None:
    before = service.memory_mb()
    rate = 3 * capacity
    requests = [service.requests[n % len(service.requests)] for n in range(int(rate * seconds))]
    answers = asyncio.run(by_the_clock(service.place, requests, rate=rate, connections=256))
    after = service.memory_mb()
    recovered = asyncio.run(_seconds_to_recover(service))
    said = f"{answers.statuses}, {answers.broken} broken, {before:.0f} → {after:.0f} MB"
    print(
        f"| overload, {rate:.0f}/s for {seconds} s | {said} | normal again after {recovered:.1f} s | | ≤ 5 s |"
    )


async def _seconds_to_recover(service: Served) -> float:
    """Return after how long ten requests in a row were answered well, within 100 ms each."""
    connection, began, good = Connection(*service.place), perf_counter(), 0
    while good < _IN_A_ROW and perf_counter() - began < _PATIENCE_S:
        sent = perf_counter()
        status = await connection.ask(service.requests[0])
        good = good + 1 if status == _WELL and perf_counter() - sent < _QUICK_S else 0
    connection.close()
    return perf_counter() - began


@contextmanager
def ours(texts: Sequence[str]) -> Iterator[Served]:
    """Start the service on a new database, and stop it."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/moderation.db"
        with Store.open(database) as store:
            key = ApiKeys(store).add("benchmark", [Scope.ANALYZE], by="benchmark").secret
        command = "-m", "moderation", "serve", "--database", database, "--rules", "rules.yaml"
        requests = [_request(f"/v1alpha1/comments:analyze?key={key}", _analyze(text)) for text in texts]
        with _running([*command, "--port", str(_PORTS[0])], _PORTS[0], requests) as served:
            yield served


@contextmanager
def detoxify(texts: Sequence[str]) -> Iterator[Served]:
    """Start FastAPI around Detoxify, and stop it."""
    requests = [_request("/predict", {"text": text}) for text in texts]
    with _running(["-m", "tools.benchmarks.side_fastapi", str(_PORTS[1])], _PORTS[1], requests) as served:
        yield served


@contextmanager
def _running(command: Sequence[str], port: int, requests: Sequence[bytes]) -> Iterator[Served]:
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves
    served = Served(("127.0.0.1", port), process, requests)
    try:
        asyncio.run(_until_it_answers(served))
        yield served
    finally:
        process.terminate()
        process.wait(60)


async def _until_it_answers(served: Served) -> None:
    for _ in range(600):
        try:
            if await Connection(*served.place).ask(served.requests[0]) == _WELL:
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError("the server does not answer")


def _analyze(text: str) -> dict[str, object]:
    return {"comment": {"text": text}, "languages": ["en"], "requestedAttributes": {"TOXICITY": {}}}


def _request(path: str, document: dict[str, object]) -> bytes:
    body = json.dumps(document).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


if __name__ == "__main__":
    main()
