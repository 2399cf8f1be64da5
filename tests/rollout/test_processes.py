"""Several processes, and writers that die half-way; on both databases."""

import signal
import subprocess
import sys
import time

import pytest

from moderation import Moderator
from moderation.store import brake_events, changes, newest_versions
from tests.rollout.children import die, follow, links
from tests.rollout.sites import LINKS, live, rules, rules_text

pytestmark = pytest.mark.slow

PROCESSES = 3
PATIENCE_S = 60


def test_what_one_process_makes_live_decides_in_the_others(store, database_url, begin):
    live(rules(), store)
    processes = [begin(follow, database_url, number) for number in range(PROCESSES)]
    for process in processes:
        assert process.hear() == "open"
    assert {ask(process, 0) for process in processes} == {rules().hash}
    live(rules(LINKS), store)
    for process in processes:
        for number in range(1, 10 * PATIENCE_S):
            if ask(process, number) == rules(LINKS).hash:
                break
            time.sleep(0.1)
        assert ask(process, 99_999) == rules(LINKS).hash


def ask(process, number):
    """Have a process decide a comment; return the ruleset that it decided by."""
    process.tell(number)
    return process.hear()


def test_an_apply_that_is_killed_leaves_the_old_rules_or_the_new(store, database_url, begin):
    live(rules(), store)
    left = []
    for statement in range(1, 21):
        code = begin(die, database_url, statement).ended()
        with store.reading() as session:
            left.append((code, len(changes(session=session)), "no-links" in newest_versions(session=session)))
    assert all((known, has_rule) in {(1, False), (2, True)} for _, known, has_rule in left)
    assert left[0] == (-signal.SIGKILL, 1, False)
    assert left[-1] == (0, 2, True)
    assert len({code for code, known, _ in left if known == 1}) == 1
    assert sum(known == 1 for _, known, _ in left) > 5  # it was killed at several statements


def test_processes_share_one_brake(store, database_url, begin):
    live(rules(), store)
    live(rules(LINKS), store)
    processes = [begin(links, database_url, 120) for _ in range(PROCESSES)]
    for process in processes:
        assert process.hear() == "open"
    for process in processes:
        process.tell("go")
    answers = [process.hear() for process in processes]
    assert sum(rejected for rejected, _ in answers) == 20
    assert sum(held for _, held in answers) == 3 * 120 - 20
    with store.reading() as session:
        (event,) = brake_events(session=session)
    assert event.hits == 21


HALF_WRITTEN = """
import os, signal, sys
with open(sys.argv[1], "w") as file:
    file.write(sys.argv[2])
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_writer_that_dies_half_way_leaves_the_last_good_rules(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(rules_text())
    whole = rules_text(LINKS)
    with Moderator.open(path) as moderator:
        for length in (len(whole) - 12, len(whole) - 1):
            subprocess.run([sys.executable, "-c", HALF_WRITTEN, str(path), whole[:length]], check=False)
            _wait(lambda: moderator.rules_problem is not None)
            assert moderator.pipeline.ruleset.hash == rules().hash
            path.write_text(rules_text())
            _wait(lambda: moderator.rules_problem is None)
        path.write_text(whole)
        _wait(lambda: moderator.pipeline.ruleset.hash == rules(LINKS).hash)


def _wait(happened):
    for _ in range(10 * PATIENCE_S):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("nothing happened")
