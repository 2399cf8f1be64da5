"""Who works at the desk in tests, and what is in the queue."""

from datetime import timedelta
from uuid import uuid4

from moderation.desk import Role, User, VerdictRequest
from moderation.domain import Action, VerdictKind
from tests.store.samples import NOON, comment, decision, new_row, save

ANN = User("ann", Role.MODERATOR)
BOB = User("bob", Role.MODERATOR)
EVE = User("eve", Role.ADMIN)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def forward(self, **span):
        self.now += timedelta(**span)


def queue(store, count=3, *, action=Action.HOLD, prefix="c", **fields):
    """Queue comments, the most urgent first; returns their decisions."""
    language = fields.pop("language", "en")
    scores = fields.pop("scores", [1 - n / 1000 for n in range(count)])
    rows = [
        new_row(
            comment(f"{prefix}-{n}", f"Text {n}.", **fields),
            decision(action, score=scores[n], language=language),
        )
        for n in range(count)
    ]
    return save(store, *rows)


def request(card, kind=VerdictKind.APPROVE, **fields):
    known = {"uid": str(uuid4()), "item": card.item, "version": card.version, "text_hash": card.text_hash}
    return VerdictRequest(**(known | {"kind": kind} | fields))


def ids(cards):
    return [card.comment.comment.external_id for card in cards]
