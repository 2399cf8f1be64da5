"""What several processes may do to each other, and to themselves."""

import random
import signal
import time

import pytest

from moderation.store import Store, iterate, summary
from tests.store.children import BATCH, POINTS, PROCESSES, die_at, open_at, store_forever, store_the_same

pytestmark = pytest.mark.slow


def scalar(store, query):
    with store.reading() as session:
        return session.connection().exec_driver_sql(query).scalar()


def test_a_process_that_is_killed_while_storing_leaves_all_or_nothing(database_url, begin):
    for statement in POINTS:
        assert begin(die_at, database_url, statement).ended() in {0, -signal.SIGKILL}
    for _ in range(10):
        writer = begin(store_forever, database_url)
        time.sleep(random.uniform(0.05, 0.4))
        assert writer.process.is_alive()
        writer.kill()
    with Store.open(database_url) as store:
        with store.reading() as session:
            found = summary(session=session)
        decisions = scalar(store, "SELECT count(*) FROM decision")
        undecided = scalar(
            store, "SELECT count(*) FROM comment WHERE id NOT IN (SELECT comment_id FROM decision)"
        )
        unqueued = scalar(
            store,
            "SELECT count(*) FROM decision WHERE action IN ('flag', 'hold')"
            " AND id NOT IN (SELECT decision_id FROM queue_item)",
        )
        died = {
            n: scalar(store, f"SELECT count(*) FROM comment WHERE substr(external_id, 1, 6) = 'die-{n}-'")  # noqa: S608
            for n in POINTS
        }
    assert (undecided, unqueued) == (0, 0)
    assert found.comments == decisions
    assert found.queued == decisions // 2
    assert found.comments % BATCH == 0
    assert [died[n] for n in range(1, 8)] == [0] * 7
    assert died[POINTS[-1]] == BATCH


def test_processes_that_store_the_same_comments_at_once_leave_one_row_each(database_url, begin):
    start = time.time() + 0.5
    processes = [begin(store_the_same, database_url, start, number) for number in range(PROCESSES)]
    answers = [process.hear() for process in processes]
    with Store.open(database_url) as store:
        stored = {item.comment.external_id: item.decision.id for item in iterate(store)}
        queued = scalar(store, "SELECT count(*) FROM queue_item")
    assert len(stored) == queued == 20
    assert answers == [stored] * PROCESSES


def test_processes_may_open_a_new_file_at_once(empty_sqlite_url, begin):
    for attempt in range(5):
        url = f"{empty_sqlite_url}-{attempt}"
        start = time.time() + 0.1
        processes = [begin(open_at, url, start) for _ in range(PROCESSES)]
        assert [process.ended() for process in processes] == [0] * PROCESSES
        with Store.open(url) as store:
            assert scalar(store, "SELECT count(*) FROM alembic_version") == 1
