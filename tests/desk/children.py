"""Moderators in processes of their own; run as a script, away from pytest's threads.

python -m tests.desk.children clear URL     8 processes claim and decide until the queue is empty; prints who decided what
python -m tests.desk.children crash URL     moderators who are killed at any moment, one after the other
python -m tests.desk.children resend URL    8 processes send the same verdicts at once, as a browser does that lost its connection
"""

import json
import os
import random
import signal
import sys
import time
from functools import partial
from uuid import UUID, uuid5

from moderation.desk import Desk, Role, User, VerdictRequest
from moderation.domain import VerdictKind
from moderation.store import Store
from tests.store.children import PROCESSES, _fork, _wait

SPACE = UUID(int=7)


def clear(url: str) -> None:
    start = time.time() + 0.5
    for child in [_fork(partial(_clear, url, start, number)) for number in range(PROCESSES)]:
        _wait(child, expected=0)


def crash(url: str) -> None:
    for number in range(5):
        child = _fork(partial(_clear, url, 0, number, slowly=True))
        time.sleep(random.uniform(0.2, 0.6))
        os.kill(child, signal.SIGKILL)
        _wait(child)


def resend(url: str) -> None:
    with Store.open(url) as store:
        requests = [_approve(card) for card in Desk(store).browse(User("ann", Role.MODERATOR), size=40)]
    start = time.time() + 0.5
    for child in [_fork(partial(_resend, url, start, requests)) for _ in range(PROCESSES)]:
        _wait(child, expected=0)


def _clear(url: str, start: float, number: int, *, slowly: bool = False) -> None:
    user = User(f"moderator-{number}", Role.MODERATOR)
    with Store.open(url, busy_timeout_s=60) as store:
        desk = Desk(store, second_review=0)
        time.sleep(max(0, start - time.time()))
        done: list[int] = []
        while cards := desk.next_batch(user, size=1 + number % 4):
            results = desk.decide_many(user, [_approve(card) for card in cards])
            done += [result.item or 0 for result in results if result.saved]
            if slowly and len(done) > 20:
                time.sleep(60)
    os.write(1, f"{json.dumps(done)}\n".encode())  # in one piece, for the test to read


def _resend(url: str, start: float, requests: list[VerdictRequest]) -> None:
    user = User("ann", Role.MODERATOR)
    with Store.open(url, busy_timeout_s=60) as store:
        desk = Desk(store, second_review=0)
        time.sleep(max(0, start - time.time()))
        done = [result.status for request in requests for result in desk.decide_many(user, [request])]
        done += [result.status for result in desk.decide_many(user, requests)]
    os.write(1, f"{json.dumps(done)}\n".encode())


def _approve(card) -> VerdictRequest:
    uid = str(uuid5(SPACE, f"{card.item} {card.version}"))
    return VerdictRequest(
        uid=uid, kind=VerdictKind.APPROVE, item=card.item, version=card.version, text_hash=card.text_hash
    )


if __name__ == "__main__":
    {"clear": clear, "crash": crash, "resend": resend}[sys.argv[1]](sys.argv[2])
