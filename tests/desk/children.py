"""What moderators in processes of their own do, see `tests.support.processes`."""

import time
from multiprocessing.connection import Connection
from uuid import UUID, uuid5

from moderation.desk import Desk, Role, User, VerdictRequest
from moderation.domain import VerdictKind
from moderation.store import Store

SPACE = UUID(int=7)


def clear(connection: Connection, url: str, start: float, number: int) -> None:
    """Claim and decide until the queue is empty; answer with the numbers of what was decided."""
    user = User(f"moderator-{number}", Role.MODERATOR)
    with Store.open(url, busy_timeout_s=60) as store:
        desk = Desk(store, second_review=0)
        time.sleep(max(0, start - time.time()))
        done: list[int] = []
        while cards := desk.next_batch(user, size=1 + number % 4):
            results = desk.decide_many(user, [approve(card) for card in cards])
            done += [result.item or 0 for result in results if result.saved]
            if not start and len(done) > 20:
                time.sleep(60)
    connection.send(done)


def resend(connection: Connection, url: str, start: float, requests: list[VerdictRequest]) -> None:
    """Send verdicts one by one and all at once, as a browser does that lost its connection; answer with what became of them."""
    user = User("ann", Role.MODERATOR)
    with Store.open(url, busy_timeout_s=60) as store:
        desk = Desk(store, second_review=0)
        time.sleep(max(0, start - time.time()))
        done = [result.status for request in requests for result in desk.decide_many(user, [request])]
        done += [result.status for result in desk.decide_many(user, requests)]
    connection.send(done)


def approve(card) -> VerdictRequest:
    uid = str(uuid5(SPACE, f"{card.item} {card.version}"))
    return VerdictRequest(
        uid=uid, kind=VerdictKind.APPROVE, item=card.item, version=card.version, text_hash=card.text_hash
    )
