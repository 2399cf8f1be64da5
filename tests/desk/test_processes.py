"""Moderators who work at the same time, and some who are cut off."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from moderation.desk import Desk
from moderation.store import Store
from tests.desk.children import approve, clear, resend
from tests.desk.support import ANN, queue
from tests.store.children import PROCESSES

pytestmark = pytest.mark.slow

QUEUED = 120


def fill(url):
    with Store.open(url) as store:
        queue(store, QUEUED, scores=[0.5] * QUEUED)


def verdicts(url):
    with Store.open(url) as store, store.reading() as session:
        query = text("SELECT count(*), count(DISTINCT comment_id) FROM verdict")
        return tuple(session.connection().execute(query).one())


def test_of_eight_moderators_no_two_decide_the_same_comment(database_url, begin):
    fill(database_url)
    start = time.time() + 0.5
    processes = [begin(clear, database_url, start, number) for number in range(PROCESSES)]
    done = [process.hear() for process in processes]
    decided = sorted(item for items in done for item in items)
    assert len(done) == PROCESSES
    assert len(set(decided)) == len(decided) == QUEUED
    assert verdicts(database_url) == (QUEUED, QUEUED)


def test_the_same_verdicts_sent_by_eight_at_once_are_applied_once(database_url, begin):
    fill(database_url)
    with Store.open(database_url) as store:
        requests = [approve(card) for card in Desk(store).browse(ANN, size=16)]
    start = time.time() + 0.5
    processes = [begin(resend, database_url, start, requests) for _ in range(PROCESSES)]
    answers = [process.hear() for process in processes]
    assert verdicts(database_url) == (16, 16)
    assert {status for answer in answers for status in answer} == {"applied", "repeated"}
    assert sum(answer.count("applied") for answer in answers) == 16


def test_moderators_who_are_killed_lose_and_repeat_nothing(database_url, begin):
    fill(database_url)
    for number in range(5):
        moderator = begin(clear, database_url, 0, number)
        time.sleep(random.uniform(0.2, 0.6))
        moderator.kill()
    with Store.open(database_url) as store:
        later = Desk(store, second_review=0, clock=lambda: datetime.now(UTC) + timedelta(minutes=11))
        left = len(later.next_batch(ANN, size=QUEUED))
        with store.reading() as session:
            pending = (
                session.connection()
                .execute(text("SELECT count(*) FROM queue_item WHERE status = 'pending'"))
                .scalar_one()
            )
    stored, distinct = verdicts(database_url)
    assert stored == distinct == QUEUED - left
    assert left == pending
