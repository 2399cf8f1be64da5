"""The desk's figures: `python -m tools.benchmarks.desk [--comments N] [--only sqlite|postgres]`.

1,000,000 comments, 20 % of them queued; one page of the queue by key, filtered and not; then 8 processes that
claim comments and decide them, each checked at the end: every verdict on a comment of its own.
"""

import argparse
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, text

from moderation.desk import Desk, QueueCard, QueueFilter, Role, User, VerdictRequest
from moderation.domain import Action, VerdictKind
from moderation.store import Store, remember_ruleset
from moderation.store.comments.rows import comment_values, decision_values, numbered
from moderation.store.queue.cards import page_of_items
from moderation.store.queue_order import queue_values
from moderation.store.tables.base import Table
from moderation.store.tables.queue import thread_key
from tests.store.samples import RULESET, comment, decision, new_row
from tests.support.postgres import running_server

Row = dict[str, Any]

PROCESSES = 8
SECONDS = 10.0
CHUNK = 10_000
QUEUED = 5  # one in so many
_together: Barrier
LANGUAGES = ("en", "en", "en", "ko")
FILTERS = {
    "the whole queue": QueueFilter(),
    "one site": QueueFilter(site="blog"),
    "one language": QueueFilter(language="ko"),
    "one rule": QueueFilter(rule="toxicity.insult"),
    "one thread": QueueFilter(thread="article-10"),
    "a thread of which nothing waits": QueueFilter(thread="article-7"),
    "a band of scores": QueueFilter(low=0.5, high=0.6),
}


def fill(store: Store, count: int) -> None:
    """Store comments by the chunk, copies of one another but for what the queue asks for."""
    dice = random.Random(7)  # noqa: S311 - a sample, no secret
    now = datetime.now(UTC)
    templates = {action: _template(action, now) for action in Action}
    with store.transaction() as session:
        remember_ruleset(RULESET, "version: 1\n", {}, session=session)
    for start in range(1, count + 1, CHUNK):
        rows: dict[str, list[Row]] = {name: [] for name in ("comment", "decision", "queue_item")}
        for number in range(start, min(start + CHUNK, count + 1)):
            queued = number % QUEUED == 0
            action = dice.choice((Action.FLAG, Action.HOLD)) if queued else Action.APPROVE
            for table, row in zip(rows, _vary(templates[action], number, dice), strict=True):
                rows[table].append(row)
        if rows["queue_item"]:
            rows["queue_item"] = [row for row in rows["queue_item"] if row["action"].queued]
        with store.transaction() as session:
            for table, values in rows.items():
                session.connection().execute(insert(Table.metadata.tables[table]), values)
    with store.transaction() as session:
        session.connection().execute(text("ANALYZE"))


def _template(action: Action, now: datetime) -> tuple[Row, Row, Row]:
    of, made = comment(text="About as long as most comments are, perhaps a little longer."), decision(action)
    row, stored = new_row(of, made), numbered(made, 0, 0, now)
    return comment_values(row, now), decision_values(made, 0, now), queue_values(of, stored, now)


def _vary(template: tuple[Row, Row, Row], number: int, dice: random.Random) -> tuple[Row, Row, Row]:
    of, made, item = template
    score, language = dice.random(), dice.choice(LANGUAGES)
    place = {"site": "blog" if number % 50 == 0 else "news", "thread": f"article-{number % 1000}"}
    queued = {"site": place["site"], "thread_key": thread_key(place["thread"])}
    when = of["received_at"] - timedelta(seconds=number)
    keys = {"external_id": f"c-{number}", "text_key": f"{number:064x}", "created_at": when}
    return (
        of | place | keys | {"id": number, "author_id": f"u-{number % 5000}"},
        made | {"id": number, "comment_id": number, "scores": {"toxicity": score}, "language": language},
        item
        | queued
        | {"id": number, "comment_id": number, "decision_id": number, "language": language, "score": score}
        | {"priority": item["action"].strength + score / 2, "created_at": when},
    )


def time_pages(store: Store, times: int = 300) -> dict[str, float]:
    """Return the median time of a page's query in milliseconds, by filter, walking on by key."""
    found: dict[str, float] = {}
    for name, wanted in FILTERS.items():
        taken, after = [], None
        for _ in range(times):
            with store.reading() as session:
                session.connection()
                begin = time.perf_counter()
                items = page_of_items(wanted, datetime.now(UTC), after=after, size=50, session=session)
                taken.append(time.perf_counter() - begin)
                after = _key(items[-1], store) if items else None
        found[name] = statistics.median(taken) * 1000
    return found


def _key(item: int, store: Store) -> tuple[float, int]:
    with store.reading() as session:
        query = text("SELECT priority FROM queue_item WHERE id = :item")
        return session.connection().execute(query, {"item": item}).scalar_one(), item


def time_cards(store: Store, times: int = 50) -> float:
    """Return the median time of a page of 50 whole cards in milliseconds."""
    desk, user, taken, after = Desk(store), User("bench", Role.MODERATOR), [], None
    for _ in range(times):
        begin = time.perf_counter()
        cards = desk.browse(user, after=after, size=50)
        taken.append(time.perf_counter() - begin)
        after = (cards[-1].priority, cards[-1].item)
    return statistics.median(taken) * 1000


def work(url: str, number: int, size: int, burst: int) -> tuple[int, float]:
    """Claim and decide for some seconds, beginning when all are ready; returns how many, and how long it took."""
    user, done = User(f"moderator-{number}", Role.MODERATOR), 0
    with Store.open(url, busy_timeout_s=60) as store:
        desk = Desk(store)
        _together.wait()
        begin, until = time.monotonic(), time.monotonic() + SECONDS
        while time.monotonic() < until:
            asked = [_approve(card) for card in desk.next_batch(user, size=size)]
            for start in range(0, len(asked), burst):
                results = desk.decide_many(user, asked[start : start + burst])
                done += sum(result.saved for result in results)
    return done, time.monotonic() - begin


def _approve(card: QueueCard) -> VerdictRequest:
    return VerdictRequest(
        uid=str(uuid4()),
        kind=VerdictKind.APPROVE,
        item=card.item,
        version=card.version,
        text_hash=card.text_hash,
        seconds=1.0,
    )


def _join(barrier: Barrier) -> None:
    global _together  # noqa: PLW0603 - a process of a pool has no other place for it
    _together = barrier


def time_desk(url: str, size: int, burst: int) -> tuple[float, int]:
    """Return how many comments a second 8 processes claim and decide, and how many were decided twice."""
    before = _verdicts(url)
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES, initializer=_join, initargs=(context.Barrier(PROCESSES),)) as pool:
        asked = [(url, number, size, burst) for number in range(PROCESSES)]
        worked = pool.starmap(work, asked, chunksize=1)
    done = sum(count for count, _ in worked)
    after = _verdicts(url)
    if after[0] - before[0] != done:
        raise SystemExit(f"{done} verdicts were given, {after[0] - before[0]} stored")
    return sum(count / seconds for count, seconds in worked), after[1]


def _verdicts(url: str) -> tuple[int, int]:
    with Store.open(url) as store, store.reading() as session:
        query = text(
            "SELECT count(*), count(CASE WHEN NOT blind THEN 1 END) - count(DISTINCT CASE WHEN NOT blind THEN comment_id END) FROM verdict"
        )
        stored, twice = session.connection().execute(query).one()
        return stored, twice


@contextmanager
def databases(only: str | None) -> Iterator[Iterator[tuple[str, str]]]:
    """Offer a new database of each kind, in turn."""

    def each() -> Iterator[tuple[str, str]]:
        if only != "postgres":
            with tempfile.TemporaryDirectory() as folder:
                yield "sqlite", f"sqlite:///{Path(folder) / 'bench.db'}"
        if only != "sqlite":
            with running_server() as server:
                yield "postgres", server.url()

    yield each()


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    given = parser.parse_args()
    with databases(given.only) as each:
        for name, url in each:
            Store.upgrade(url)
            with Store.open(url) as store:
                begin = time.perf_counter()
                fill(store, given.comments)
                print(f"{name}: {given.comments:,} comments stored in {time.perf_counter() - begin:.0f} s")
                for wanted, ms in time_pages(store).items():
                    print(f"{name}: page of 50 by key, {wanted}: p50 {ms:.2f} ms")
                print(f"{name}: the same as whole cards: p50 {time_cards(store):.1f} ms")
            for size, burst in ((1, 1), (30, 1), (30, 30)):
                rate, twice = time_desk(url, size, burst)
                how = f"claim {size}, send {burst} verdicts at a time"
                print(f"{name}: {PROCESSES} processes {how}: {rate:.0f}/s, decided twice: {twice}")


if __name__ == "__main__":
    main()
