"""What processes of a live site do, see `tests.support.processes`."""

import os
from collections import Counter
from contextlib import suppress
from multiprocessing.connection import Connection

from moderation import Comment, Moderator
from moderation.store import Store
from tests.rollout.sites import LINKS, kind, live, rules
from tests.support.deaths import be_killed_before
from tests.support.scorers import calm


def follow(connection: Connection, url: str, number: int) -> None:
    """Submit a comment for each number that comes, and answer with the rules that decided it."""
    with Moderator.open(database=url, scorer=calm()) as moderator, suppress(EOFError):
        connection.send("open")
        while True:
            decision = moderator.submit(kind(number * 100_000 + connection.recv()))
            connection.send(decision.provenance.ruleset)


def links(connection: Connection, url: str, number: int) -> None:
    """When told to go, submit comments that a rule rejects; answer with how many were rejected, and how many held."""
    with Moderator.open(database=url, scorer=calm()) as moderator:
        connection.send("open")
        connection.recv()
        comments = (
            Comment(f"See https://example.com/{n}", external_id=f"{os.getpid()}-{n}") for n in range(number)
        )
        found = Counter(decision.action.value for decision in moderator.submit_many(comments))
        connection.send((found["reject"], found["hold"]))


def die(connection: Connection, url: str, statement: int) -> None:
    """Make rules live, and be killed before a statement, or before a COMMIT."""
    del connection
    with Store.open(url) as store:
        be_killed_before(statement)
        live(rules(LINKS), store)
