"""Taking back what one rule did."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from moderation.backtest.replay import replay_decision
from moderation.desk import Desk
from moderation.domain import Action, Cause, VerdictKind
from moderation.rollout.undo import preview_undo, undo_rule
from moderation.rollout.undone import UndoRequest
from moderation.store import Store, get_comment, standing_verdicts, summary
from moderation.store.comments.writing import lock_for_decisions
from moderation.store.queue_order import ESCALATED, priority
from moderation.store.tables.comments import DecisionRow
from moderation.store.tables.queue import QueueItemRow, QueueStatus
from moderation.store.verdicts.verdict_log import add_verdicts, verdicts_of
from tests.backtest.support import LINKS, decided, judge, ruleset, save
from tests.desk.support import ANN, request
from tests.store.samples import verdict

A, F, H, R = Action
MORE = LINKS + '  - {name: ko-too, when: {language: ko, links: "> 1"}, action: hold}\n'


def window(rule="many-links"):
    now = datetime.now(UTC)
    return UndoRequest(rule, now - timedelta(hours=1), now + timedelta(hours=1))


def latest(store, number):
    with store.reading() as session:
        found = get_comment(number, session=session)
    assert found
    return found.decision


def item(store, number):
    with store.reading() as session:
        found = session.exec(select(QueueItemRow).where(col(QueueItemRow.comment_id) == number)).first()
        return found and (found.status, found.action, found.decision_id, found.version)


def test_what_a_rule_alone_did_is_reversed_and_all_else_left_alone(store):
    rules = ruleset(MORE)
    rows = [
        decided(rules, 0, links=2),  # by the rule alone
        decided(rules, 1, links=2, toxicity=0.6),  # by the rule; flag without it
        decided(rules, 2, links=2, language="ko"),  # by another rule as well
        decided(rules, 3, links=2),  # a moderator has decided
        decided(rules, 4),  # not by the rule
    ]
    alone, flagged, both, judged, other = save(store, rules, rows)
    judge(store, judged, "reject")
    before = latest(store, alone)

    seen = preview_undo(store, window())
    assert seen.reversed == {(H, A): 1, (H, F): 1}
    assert latest(store, alone) == before  # nothing is stored yet

    done = undo_rule(store, window(), by="kim")
    assert done.to_dict() | {"from": 0, "to": 0, "stored": 0, "shown": 0} == seen.to_dict() | {
        "from": 0,
        "to": 0,
        "stored": 0,
        "shown": 0,
    }
    assert (done.hits, done.same, done.kept, done.newer) == (4, 1, 1, 0)
    now = latest(store, alone)
    assert (now.action, now.cause, now.by, now.without) == (A, Cause.UNDONE, "kim", ("many-links",))
    assert now.id > before.id
    assert now.checks == before.checks
    assert [latest(store, n).action for n in (flagged, both, judged, other)] == [F, H, H, A]
    assert latest(store, judged).cause is Cause.SUBMITTED
    with store.reading() as session:
        assert len(session.exec(select(DecisionRow.id)).all()) == 7  # five and two; none is gone


def test_the_queue_is_in_line_in_the_same_transaction(store):
    rules = ruleset(LINKS + '  - {name: calm, when: {links: "= 1"}, action: approve, priority: 1}\n')
    rows = [
        decided(rules, 0, links=3),
        decided(rules, 1, links=3, toxicity=0.6),
        decided(rules, 2, links=1, toxicity=0.9),  # approved by `calm`; hold without it
        decided(rules, 3, links=3, toxicity=0.99),
    ]
    held, flagged, calmed, rejected = save(store, rules, rows)
    assert (item(store, calmed), item(store, rejected)) == (None, None)
    undo_rule(store, window(), by="kim")
    undo_rule(store, window("calm"), by="kim")
    assert item(store, held)[0] is QueueStatus.WITHDRAWN
    assert item(store, held)[3] == 2
    assert item(store, flagged) == (QueueStatus.PENDING, F, latest(store, flagged).id, 2)
    assert item(store, calmed) == (QueueStatus.PENDING, H, latest(store, calmed).id, 1)
    assert item(store, rejected) is None
    with store.reading() as session:
        assert summary(session=session).queued == 2
    undo_rule(
        store, window("toxicity.toxicity"), by="kim"
    )  # what left may come back, and what came may leave
    assert item(store, rejected) == (QueueStatus.PENDING, H, latest(store, rejected).id, 1)
    assert item(store, calmed)[0] is QueueStatus.WITHDRAWN


def test_an_older_revision_does_not_enter_the_queue(store):
    rules = ruleset(LINKS + '  - {name: never, when: {links: "> 1"}, action: reject}\n')
    first = decided(rules, 0, links=2)
    (old,) = save(store, rules, [first])
    (new,) = save(store, rules, [replace(first, comment=replace(first.comment, revision=1))])
    undo_rule(store, window("never"), by="kim")
    assert (latest(store, old).action, item(store, old)) == (H, None)
    assert item(store, new)[0] is QueueStatus.PENDING


def test_a_second_run_finds_nothing(store):
    rules = ruleset(LINKS)
    save(store, rules, [decided(rules, n, links=2) for n in range(5)])
    assert undo_rule(store, window(), by="kim").reversed.total() == 5
    again = undo_rule(store, window(), by="kim")
    assert (again.reversed.total(), again.newer) == (0, 5)


def test_what_was_undone_stays_undone_when_another_rule_is(store):
    rules = ruleset(MORE)
    (number,) = save(store, rules, [decided(rules, 0, links=2, language="ko", toxicity=0.6)])
    assert undo_rule(store, window(), by="kim").same == 1  # `ko-too` holds it as well
    assert undo_rule(store, window("ko-too"), by="kim").reversed.total() == 0
    (number,) = save(store, rules, [decided(rules, 1, links=2, toxicity=0.6)])
    undo_rule(store, window(), by="kim")
    undo_rule(store, window("toxicity.toxicity"), by="lee")
    assert (latest(store, number).action, latest(store, number).without) == (
        A,
        ("many-links", "toxicity.toxicity"),
    )


def test_only_what_the_rule_did_in_the_window_counts(store):
    rules = ruleset(LINKS)
    save(store, rules, [decided(rules, 0, links=2)])
    past = datetime.now(UTC) - timedelta(hours=1)
    assert undo_rule(store, UndoRequest("many-links", past - timedelta(hours=1), past), by="kim").hits == 0
    assert undo_rule(store, window("no-such-rule"), by="kim").hits == 0


def test_a_rule_under_the_brake_is_undone_as_it_was_decided(store):
    rules = ruleset("rules:\n  - {name: never, when: {links: '> 1'}, action: reject}\n")
    (number,) = save(store, rules, [decided(rules, 0, links=2, muted=("never",))])
    assert latest(store, number).action is H
    assert undo_rule(store, window("never"), by="kim").reversed == {(H, A): 1}


@pytest.mark.parametrize("source", ["version: 9", "version: 1"])
def test_what_can_not_be_decided_as_it_was_is_left_alone(store, source):
    rules = ruleset(LINKS)
    save(store, rules, [decided(rules, 0, links=2)])
    with store.transaction() as session:
        session.connection().execute(text("UPDATE ruleset SET source = :s"), {"s": source})
    assert undo_rule(store, window(), by="kim").unreadable == 1


def test_replay_leaves_out_what_was_undone(store):
    rules = ruleset(LINKS + "toxicity: false\n", source="version: 1\n")
    spam = "See https://a.example and https://b.example or so"
    (number,) = save(store, rules, [decided(rules, 0, spam, links=2)])
    undo_rule(store, window(), by="kim")
    with store.reading() as session:
        stored = get_comment(number, session=session)
    assert stored
    assert replay_decision(stored, store=store).again.action is A


def test_a_verdict_that_comes_first_is_kept(database_url):
    """An undo waits for a verdict that is being given, and then leaves the comment alone."""
    with Store.open(database_url) as store, Store.open(database_url) as other:
        rules = ruleset(LINKS)
        (number,) = save(store, rules, [decided(rules, 0, links=2)])
        found = []
        with other.transaction() as session:
            lock_for_decisions([number], session=session)
            undoing = threading.Thread(target=lambda: found.append(undo_rule(store, window(), by="kim")))
            undoing.start()
            undoing.join(0.3)
            assert undoing.is_alive()
            add_verdicts([verdict(number, VerdictKind.REJECT)], session=session)
        undoing.join()
        assert (found[0].kept, found[0].reversed.total()) == (1, 0)
        with store.reading() as session:
            assert number in standing_verdicts([number], session=session)


def test_many_at_once_reverse_each_comment_once(database_url):
    with Store.open(database_url) as store:
        rules = ruleset(LINKS)
        save(store, rules, [decided(rules, n, links=2) for n in range(40)])
    counts = []

    def run():
        with Store.open(database_url, busy_timeout_s=60) as own:
            counts.append(undo_rule(own, window(), by="kim").reversed.total())

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 40]


def test_what_was_escalated_stays_first_in_the_queue(store):
    rules = ruleset(LINKS)
    rows = [decided(rules, number, links=2, toxicity=0.6) for number in range(2)]
    save(store, rules, rows)
    desk = Desk(store)
    card, another = desk.next_batch(ANN)
    escalated, other = card.comment.id, another.comment.id
    desk.decide(ANN, request(card, VerdictKind.ESCALATE))
    assert undo_rule(store, window(), by="kim").reversed == {(H, F): 2}
    usual = priority(latest(store, other))
    assert urgency(store) == {escalated: (True, usual + ESCALATED), other: (False, usual)}
    with store.reading() as session:
        (verdict,) = verdicts_of(escalated, session=session)
    desk.undo(ANN, uid=verdict.uid)
    assert urgency(store) == dict.fromkeys((escalated, other), (False, pytest.approx(usual)))


def urgency(store):
    with store.reading() as session:
        found = session.exec(select(QueueItemRow)).all()
        return {one.comment_id: (one.escalated, one.priority) for one in found}
