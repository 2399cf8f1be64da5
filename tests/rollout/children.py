"""Processes of a live site; run as a script, away from pytest's threads.

python -m tests.rollout.children follow URL N  submit comments until told to stop; prints the rules that decide
python -m tests.rollout.children links URL N   submit N comments that a rule rejects; prints each action
python -m tests.rollout.children die URL N     make rules live, and be killed before each of N statements
"""

import os
import signal
import sys
from collections import Counter

from sqlalchemy import Engine, event

from moderation import Comment, Moderator
from moderation.store import Store, changes, newest_versions
from tests.rollout.sites import LINKS, kind, live, rules


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def follow(url: str, number: int) -> None:
    with Moderator.open(database=url) as moderator:
        say("open")
        for line in sys.stdin:
            decision = moderator.submit(kind(number * 100_000 + int(line)))
            say(decision.provenance.ruleset)


def links(url: str, number: int) -> None:
    with Moderator.open(database=url) as moderator:
        say("open")
        sys.stdin.readline()
        comments = (
            Comment(f"See https://example.com/{n}", external_id=f"{os.getpid()}-{n}") for n in range(number)
        )
        found = Counter(decision.action.value for decision in moderator.submit_many(comments))
        say(found["reject"], found["hold"])


def die(url: str, points: int) -> None:
    """Before each statement in turn, fork a process that dies there; say what each left behind."""
    for statement in range(1, points + 1):
        child = os.fork()
        if child == 0:
            _die_at(url, statement)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        with Store.open(url) as store, store.reading() as session:
            known = [change.ruleset for change in changes(session=session)]
            has_rule = "no-links" in newest_versions(session=session)
        say(os.waitstatus_to_exitcode(status), len(known), has_rule)


def _die_at(url: str, statement: int) -> None:
    left = statement

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with Store.open(url) as store:
        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        live(rules(LINKS), store)


if __name__ == "__main__":
    {"follow": follow, "links": links, "die": die}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
