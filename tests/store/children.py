"""Processes that fight over a database, or die in the middle; run as a script, away from pytest's threads.

python -m tests.store.children crash URL     kill writers at each statement and at random moments
python -m tests.store.children race URL      8 processes store the same comments; prints who got what
python -m tests.store.children open URL      8 processes open a new file at once, five times
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from sqlalchemy import Engine, event

from moderation.domain import Action, Comment
from moderation.store import AlreadyStoredError, CommentKey, Store, find_stored
from tests.store.samples import comment, decision, new_row, save

BATCH = 64
PROCESSES = 8
FILES = 5
ACTIONS = list(Action)
POINTS = range(1, 10)
"""Where a writer dies: BEGIN (SQLite only), two for the ruleset, four inserts, COMMIT; or not at all."""


def crash(url: str) -> None:
    for statement in POINTS:
        _wait(_fork(partial(_die_at, url, statement)))
    for _ in range(10):
        child = _fork(partial(_store_forever, url))
        time.sleep(random.uniform(0.05, 0.4))
        os.kill(child, signal.SIGKILL)
        _wait(child)


def race(url: str) -> None:
    start = time.time() + 0.5
    for child in [_fork(partial(_submit, url, start, n)) for n in range(PROCESSES)]:
        _wait(child, expected=0)


def open_at_once(url: str) -> None:
    for attempt in range(FILES):
        start = time.time() + 0.1
        for child in [_fork(partial(_open, f"{url}-{attempt}", start)) for _ in range(PROCESSES)]:
            _wait(child, expected=0)


def _die_at(url: str, statement: int) -> None:
    """Kill this process before a statement of the transaction, or before its COMMIT."""
    left = statement

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with Store.open(url) as store:
        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        _store_batch(store, f"die-{statement}")


def _store_forever(url: str) -> None:
    with Store.open(url) as store:
        while True:
            _store_batch(store, f"{os.getpid()}-{time.monotonic_ns()}")


def _store_batch(store: Store, name: str) -> None:
    rows = [new_row(comment(f"{name}-{n}"), decision(ACTIONS[n % 4])) for n in range(BATCH)]
    save(store, *rows)


def _submit(url: str, start: float, number: int) -> None:
    """Store comments unless somebody else did, in an order of one's own."""
    wanted = {CommentKey("default", f"c-{n}", 0): comment(f"c-{n}") for n in range(20)}
    order = random.Random(number).sample(sorted(wanted), len(wanted))
    with Store.open(url) as store:
        time.sleep(max(0, start - time.time()))
        found: dict[str, int] = {}
        for key in order[:10]:
            found |= _store_once(store, {key: wanted[key]})
        found |= _store_once(store, {key: wanted[key] for key in order[10:]})
    os.write(1, f"{json.dumps(found)}\n".encode())  # in one piece, for the test to read


def _store_once(store: Store, wanted: dict[CommentKey, Comment]) -> dict[str, int]:
    while True:
        with store.reading() as session:
            stored = find_stored(list(wanted), session=session)
        rows = [new_row(item, decision(Action.HOLD)) for key, item in wanted.items() if key not in stored]
        with suppress(AlreadyStoredError):
            saved = save(store, *rows)
            numbers = {key.external_id: item.decision.id for key, item in stored.items()}
            return numbers | {
                str(row.comment.external_id): item.id for row, item in zip(rows, saved, strict=True)
            }


def _open(url: str, start: float) -> None:
    time.sleep(max(0, start - time.time()))
    Store.open(url).close()


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    finally:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def _wait(child: int, expected: int | None = None) -> None:
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == 1 or (expected is not None and code != expected):
        sys.exit(f"a child ended with {code}")


if __name__ == "__main__":
    {"crash": crash, "race": race, "open": open_at_once}[sys.argv[1]](sys.argv[2])
