"""Taking comments while others do so too, and while being killed; on both databases."""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Engine, event, text

from moderation import Author, Comment, Moderator, SignalName
from moderation.domain import Outcome, Repeats
from moderation.intake import Intake, StoreHistory
from moderation.pipeline import Pipeline
from moderation.rollout import Brake
from moderation.rules import Ruleset
from moderation.store import Store, summary
from moderation.text import normalise, same_text_key, written_text_key
from tests.children import submit
from tests.support import scorers

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SAME = "Buy my book, it is the best one."


def go(process):
    assert process.hear() == "open"
    process.tell("go")


def counts(store):
    with store.reading() as session:
        return tuple(
            session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - no input
            for table in ("comment", "decision")
        )


@pytest.mark.slow
def test_processes_that_submit_the_same_at_once_leave_one_row_and_get_the_same_decision(
    store, database_url, begin
):
    processes = [begin(submit, database_url, 40) for _ in range(4)]
    for process in processes:
        go(process)
    first, *others = [process.hear() for process in processes]
    assert others == [first] * 3
    assert len(first) == 40
    assert counts(store) == (40, 40)


@pytest.mark.slow
def test_a_process_killed_at_any_point_leaves_all_or_nothing_and_can_go_on(store, database_url, begin):
    chances = random.Random(0)
    for _ in range(3):
        process = begin(submit, database_url, 1200)
        go(process)
        time.sleep(chances.uniform(0.0, 1.5))
        process.kill()
        comments, decisions = counts(store)
        assert comments == decisions
        assert comments % 512 == 0 or comments == 1200  # whole chunks
    last = begin(submit, database_url, 1200)
    go(last)
    assert len(last.hear()) == 1200
    assert counts(store) == (1200, 1200)


@pytest.fixture
def intake(store):
    pipeline = Pipeline.open(Ruleset.default(), scorer=scorers.calm())
    return Intake(pipeline, store, Brake(pipeline.ruleset))


def said(number, *, author="u-1", thread="t-1", minutes=0, **fields):
    return Comment(
        SAME,
        external_id=f"c-{number}",
        author=Author(author),
        thread=thread,
        created_at=NOON + timedelta(minutes=minutes),
        **fields,
    )


def repeats(decision):
    return {signal.key: signal.value for signal in decision.signals(SignalName.REPEATED)}


@pytest.mark.parametrize("together", [True, False], ids=["in-one-batch", "one-by-one"])
@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        pytest.param([said(1), said(2), said(3)], {"author": 2, "thread": 2}, id="same-author-and-thread"),
        pytest.param([said(1), said(2, thread="t-2")], {"author": 1}, id="another-thread"),
        pytest.param([said(1), said(2, author="u-2")], {"thread": 1}, id="another-author"),
        pytest.param([said(1, author=""), said(2, author="", thread="t-2")], {}, id="authors-without-id"),
        pytest.param([said(1, thread=None), said(2, thread=None, author="u-2")], {}, id="no-thread"),
        pytest.param([said(1), said(2, minutes=11)], {}, id="outside-the-window"),
        pytest.param([said(1, minutes=5), said(2)], {}, id="later-ones-do-not-count"),
        pytest.param([said(1), said(1, revision=1)], {}, id="an-edit-repeats-nothing"),
    ],
)
def test_the_same_again_is_counted(intake, comments, expected, together):
    batches = [comments] if together else [[comment] for comment in comments]
    decisions = [decision for batch in batches for decision in intake.take(batch)]
    assert repeats(decisions[-1]) == expected


def test_what_another_process_stored_meanwhile_counts(intake, store):
    comment = said(1)

    class Interrupting:
        """Stores the comment itself while the pipeline is deciding it."""

        ruleset = intake.pipeline.ruleset

        def decide_to_store(self, comments, *, history):
            self.first = intake.take([comment])[0]
            return intake.pipeline.decide_to_store(comments, history=history)

    interrupted: Any = Interrupting()
    (answer,) = Intake(interrupted, store, intake.brake).take([comment])
    assert answer == interrupted.first
    assert counts(store) == (1, 1)


def test_history_counts_a_comment_of_the_batch_once(store):
    history = StoreHistory(store)
    for _ in range(3):
        found = history.repeats(said(1), "key", since=[NOON - timedelta(hours=1)], until=NOON)
    assert found == [Repeats(0, 0)]


def test_each_window_counts_what_the_database_and_the_batch_hold_in_it(intake, store):
    intake.take([said(1), said(2, minutes=5)])
    history = StoreHistory(store)
    wanted = [NOON + timedelta(minutes=minutes) for minutes in (-1, 1, 6)]
    for number in (3, 4):
        key = same_text_key(normalise(SAME))
        found = history.repeats(said(number, minutes=7), key, since=wanted, until=NOON + timedelta(minutes=7))
    assert found == [Repeats(3, 3), Repeats(2, 2), Repeats(1, 1)]


@pytest.fixture
def statements():
    """What is asked of any database while the test runs."""
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


def test_the_database_is_asked_once_about_a_comment_for_all_windows(store, statements):
    rules = (
        "version: 1\nlanguage: false\ntoxicity: false\nrules:\n"
        "  - {name: again, when: {repeated: '>= 2 in 1 hour'}, action: hold}\n"
        "  - {name: always, when: {repeated: {author: '>= 9 in 2 days'}}, action: hold}\n"
    )
    pipeline = Pipeline.open(Ruleset.parse(rules))
    (decision,) = pipeline.decide([said(1)], history=StoreHistory(store))
    assert len(repeats(decision)) == 4
    assert sum("FROM comment" in " ".join(asked.split()) for asked in statements) == 1


def test_the_database_is_read_in_one_go_for_a_batch(intake, store, monkeypatch):
    begun = []
    reading = store.reading

    def counted():
        begun.append(1)
        return reading()

    monkeypatch.setattr(store, "reading", counted)
    intake.take([said(number) for number in range(20)])
    assert len(begun) == 2  # what is stored already, and what was said before


def test_a_comment_of_which_the_database_says_nothing_costs_the_others_nothing(store):
    ruleset = Ruleset.parse("version: 1\nlanguage: false\ntoxicity: false\n")
    bad = said(2, thread=cast("str", object()))  # no driver takes it
    decisions = Pipeline.open(ruleset).decide([said(1), bad, said(3)], history=StoreHistory(store))
    found = [decision.checks["repetition"] for decision in decisions]
    assert [result.outcome for result in found] == [Outcome.OK, Outcome.FAILED, Outcome.OK]
    assert found[1].error.startswith("store")


def test_many_can_be_stopped_and_submitted_again(store, database_url):
    comments = [Comment(f"This is comment number {n}.", external_id=str(n)) for n in range(1200)]
    with Moderator(Pipeline.open(Ruleset.default(), scorer=scorers.calm()), store) as moderator:
        stopped: Any = moderator.submit_many(comments)
        next(stopped)
        stopped.close()
        assert counts(store) == (512, 512)
        assert len(list(moderator.submit_many(comments))) == 1200
    with Store.open(database_url) as again, again.reading() as session:
        assert summary(session=session).comments == 1200


def stored_keys(store):
    with store.reading() as session:
        return session.connection().execute(text("SELECT text_key FROM comment ORDER BY id")).scalars().all()


def test_a_text_is_normalised_once_and_never_while_the_database_is_locked(intake, monkeypatch):
    normalised = []

    def counted(written):
        normalised.append(written)
        return normalise(written)

    monkeypatch.setattr("moderation.checks.base.normalise", counted)
    endless = "x " * intake.pipeline.ruleset.config.length.max_bytes
    intake.take([said(1), Comment(endless, external_id="endless"), said(2)])
    assert normalised == [SAME, SAME]


def test_what_is_said_again_is_known_by_the_key_of_the_check(intake, store):
    endless = "Ａ" * intake.pipeline.ruleset.config.length.max_bytes
    written = [SAME, SAME.upper(), "lol", "", endless, endless.lower()]
    intake.take([Comment(each, external_id=str(number)) for number, each in enumerate(written)])
    same, also, short, empty, long, longer = stored_keys(store)
    assert same == also == same_text_key(normalise(SAME))
    assert (short, empty) == (same_text_key(normalise("lol")), same_text_key(normalise("")))
    assert long == longer == written_text_key(endless)
    assert written_text_key("\ud800") != written_text_key("\udfff")
