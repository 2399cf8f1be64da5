"""What processes do that fight over a database, or die in the middle; see `tests.support.processes`."""

import os
import random
import time
from contextlib import suppress
from multiprocessing.connection import Connection

from moderation.domain import Action, Comment
from moderation.store import AlreadyStoredError, CommentKey, Store, find_stored
from tests.store.samples import comment, decision, new_row, save
from tests.support.deaths import be_killed_before

BATCH = 64
PROCESSES = 8
ACTIONS = list(Action)
POINTS = range(1, 10)
"""Where a writer dies: BEGIN (SQLite only), two for the ruleset, four inserts, COMMIT; or not at all."""


def die_at(connection: Connection, url: str, statement: int) -> None:
    """Store a batch, and be killed before a statement of the transaction, or before its COMMIT."""
    del connection
    with Store.open(url) as store:
        be_killed_before(statement)
        _store_batch(store, f"die-{statement}")


def store_forever(connection: Connection, url: str) -> None:
    """Store one batch after the other."""
    del connection
    with Store.open(url) as store:
        while True:
            _store_batch(store, f"{os.getpid()}-{time.monotonic_ns()}")


def store_the_same(connection: Connection, url: str, start: float, number: int) -> None:
    """Store comments unless somebody else did, in an order of one's own; answer with the decisions that stand."""
    wanted = {CommentKey("default", f"c-{n}", 0): comment(f"c-{n}") for n in range(20)}
    order = random.Random(number).sample(sorted(wanted), len(wanted))
    with Store.open(url) as store:
        time.sleep(max(0, start - time.time()))
        found: dict[str, int] = {}
        for key in order[:10]:
            found |= _store_once(store, {key: wanted[key]})
        found |= _store_once(store, {key: wanted[key] for key in order[10:]})
    connection.send(found)


def open_at(connection: Connection, url: str, start: float) -> None:
    """Open a database at a time."""
    del connection
    time.sleep(max(0, start - time.time()))
    Store.open(url).close()


def _store_batch(store: Store, name: str) -> None:
    rows = [new_row(comment(f"{name}-{n}"), decision(ACTIONS[n % 4])) for n in range(BATCH)]
    save(store, *rows)


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
