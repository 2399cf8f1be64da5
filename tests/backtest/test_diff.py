"""Which comments another ruleset would decide differently."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import text

from moderation.backtest import Lacking, Question, diff_stored, diff_unstored
from moderation.backtest.diff import Turn
from moderation.domain import Action, Comment, Signal, SignalName
from moderation.pipeline import Pipeline
from moderation.rollout.undo import _weighed, undo_rule
from moderation.rollout.undone import UndoRequest
from moderation.rules import Ruleset
from moderation.store import Store, find_stored, key_of
from tests.backtest.support import BASE, LINKS, NOON, decided, judge, ruleset, save
from tests.store.samples import new_row
from tests.support.laws import examples

A, F, H, R = Action


def test_a_ruleset_beside_itself_flips_nothing(store):
    rules = ruleset(LINKS)
    save(store, rules, [decided(rules, n, toxicity=n / 20, links=n % 3) for n in range(20)])
    found = diff_stored(store, Question(rules, rules))
    assert found.flips == 0
    assert found.tally.comments == 20
    assert found.shown == []


def test_what_was_not_decided_by_the_rules_alone_is_weighed_again(store):
    rules = ruleset("rules:\n  - {name: never, when: {links: '> 1'}, action: reject}\n")
    braked, other, undone = (
        decided(rules, 0, links=2, muted=("never",)),
        decided(rules, 1, links=2, version="0.0"),
        decided(rules, 2, links=2),
    )
    save(store, rules, [undone])
    now = datetime.now(UTC)
    undo_rule(store, UndoRequest("never", now - timedelta(hours=1), now + timedelta(hours=1)), by="kim")
    save(store, rules, [braked, other])
    found = diff_stored(store, Question(rules, rules))
    assert {(before, after) for before, after, *_ in found.tally.counts} == {(R, R)}
    assert found.tally.comments == 3


def test_flips_are_counted_both_ways_by_rule_and_language(store):
    old = ruleset(LINKS)
    new = ruleset(source=BASE.replace("hold: 0.8", "hold: 0.6"))
    rows = [
        decided(old, 1, toxicity=0.7),  # flag, then hold
        decided(old, 2, toxicity=0.7, language="ko"),
        decided(old, 3, links=2),  # hold, then approve
        decided(old, 4, toxicity=0.9, links=2),  # hold by both
        decided(old, 5),
    ]
    save(store, old, rows)
    found = diff_stored(store, Question(old, new))
    assert found.pairs == [((F, H), 2), ((H, A), 1)]
    assert found.by_rule == [Turn("toxicity.toxicity", 2, 0), Turn("many-links", 0, 1)]
    assert found.by_language == [Turn("en", 1, 1), Turn("ko", 1, 0)]
    assert (found.flips, found.tally.comments) == (3, 5)
    back = diff_stored(store, Question(new, old))
    assert back.pairs == [((H, F), 2), ((A, H), 1)]


def test_a_rule_that_approves_is_why_what_it_overrules_flips(store):
    old = ruleset(LINKS)
    new = ruleset(
        LINKS
        + '  - {name: friends, when: {author: {account_age: "> 1 day"}}, action: approve, priority: 5}\n'
    )
    save(store, old, [decided(old, 9, links=2)])
    found = diff_stored(store, Question(old, new))
    assert found.pairs == [((H, A), 1)]
    assert found.by_rule == [Turn("friends", 0, 1)]


def test_verdicts_tell_precision_and_recall_of_both(store):
    old, new = ruleset(), ruleset(source=BASE.replace("hold: 0.8", "hold: 0.6"))
    numbers = save(store, old, [decided(old, n, toxicity=s) for n, s in enumerate((0.9, 0.7, 0.7, 0.1, 0.1))])
    for number, kind in zip(numbers, ("reject", "reject", "approve", "reject"), strict=False):
        judge(store, number, kind)
    found = diff_stored(store, Question(old, new))
    before, after = found.quality
    assert found.verdicts == 4
    assert [(s.part, s.whole) for s in (before.precision, before.recall)] == [(1, 1), (1, 3)]
    assert [(s.part, s.whole) for s in (after.precision, after.recall)] == [(2, 3), (2, 3)]


def test_the_queue_is_told_by_day(store):
    old, new = ruleset(), ruleset(LINKS)
    rows = [decided(old, 1, toxicity=0.6), decided(old, 2, links=2), decided(old, 3, links=2, days=1)]
    save(store, old, rows)
    found = diff_stored(store, Question(old, new))
    assert [(day.day, day.before, day.after) for day in found.queue] == [
        (date(2026, 11, 20), 1, 2),
        (date(2026, 11, 21), 0, 1),
    ]


def test_only_the_last_or_the_latest_comments_are_replayed(store):
    old, new = ruleset(), ruleset(LINKS)
    save(store, old, [decided(old, n, links=2, days=n) for n in range(6)])
    assert diff_stored(store, Question(old, new), last=2).flips == 2
    assert diff_stored(store, Question(old, new), since=NOON + timedelta(days=3)).flips == 3
    assert diff_stored(store, Question(old, new), last=99).flips == 6


def test_an_empty_database_has_nothing_to_replay(store):
    found = diff_stored(store, Question(ruleset(), ruleset(LINKS)))
    assert (found.tally.comments, found.flips, found.queue) == (0, 0, [])


def test_shown_are_the_latest_of_each_pair_of_actions(store):
    old, new = ruleset(), ruleset(LINKS, source=BASE.replace("reject: 0.97", "reject: 0.9"))
    rows = [decided(old, 0, toxicity=0.95), *(decided(old, n, links=2) for n in range(1, 9))]
    save(store, old, rows)
    found = diff_stored(store, Question(old, new, show=3))
    assert [(flip.pair, flip.comment.external_id) for flip in found.shown] == [
        ((A, H), "c-8"),
        ((A, H), "c-7"),
        ((H, R), "c-0"),
    ]
    assert found.shown[0].after.reasons[0].spans
    assert diff_stored(store, Question(old, new, show=0)).shown == []


def test_word_lists_are_searched_again_where_they_differ(store):
    old = ruleset()
    new = ruleset(
        "word_lists: {slurs: slurs.txt}\nrules:\n  - {name: slurs, when: {words: slurs}, action: reject}\n",
        slurs="ordinary\n",
    )
    save(store, old, [decided(old, 1), decided(old, 2, "Nothing of the kind here.")])
    found = diff_stored(store, Question(old, new))
    assert found.pairs == [((A, R), 1)]
    (flip,) = found.shown
    (reason,) = flip.after.reasons
    assert [flip.comment.text[s.start : s.end] for s in reason.spans] == ["ordinary"]


def test_words_of_the_record_count_where_the_lists_are_the_same(store):
    lists = "word_lists: {slurs: slurs.txt}\n"
    rule = "rules:\n  - {name: slurs, when: {words: slurs}, action: reject}\n"
    old, new = ruleset(lists, slurs="zzz\n"), ruleset(lists + rule, slurs="zzz\n")
    recorded = Signal(SignalName.WORD, "zzz", key="slurs")
    save(store, old, [decided(old, 1, words=[recorded])])
    assert diff_stored(store, Question(old, new)).pairs == [((A, R), 1)]


def test_a_section_that_is_switched_off_counts_no_more(store):
    old, new = ruleset(), Ruleset.parse("version: 1\ntoxicity: false\nrepetition: false\n")
    save(store, old, [decided(old, 1, toxicity=0.99), decided(old, 2, repeats=3)])
    found = diff_stored(store, Question(old, new, examine=False))
    assert found.pairs == [((R, A), 1), ((H, A), 1)]
    assert not found.tally.lacking


def test_repetitions_are_counted_again_where_the_window_is_another(store):
    old = ruleset("repetition: {window: 1 second, author: 1}\n")
    new = ruleset("repetition: {window: 1 hour, author: 1}\n")
    texts = ["The very same words again.", "Something else entirely, once.", "the very SAME words again."]
    rows = [decided(old, 3 * n, text) for n, text in enumerate(texts)]  # all of one author
    save(store, old, rows)
    found = diff_stored(store, Question(old, new))
    assert [flip.comment.external_id for flip in found.shown] == ["c-6"]  # not c-0, which came before
    assert found.by_rule == [Turn("repetition.author", 1, 0)]
    narrower = ruleset("repetition: {window: 1 minute, author: 1, thread: 3}\n")
    assert diff_stored(store, Question(narrower, narrower)).flips == 0


def test_a_rule_about_repetitions_has_its_own_window_counted(store):
    old = ruleset()
    new = ruleset('rules:\n  - {name: again, when: {repeated: {author: ">= 1 in 1 hour"}}, action: flag}\n')
    save(store, old, [decided(old, 3 * n, "The very same words again.") for n in range(3)])
    found = diff_stored(store, Question(old, new))
    assert [flip.comment.external_id for flip in found.shown] == ["c-6", "c-3"]
    assert diff_stored(store, Question(new, new)).flips == 0


def test_what_is_too_long_for_the_new_ruleset_is_looked_at_no_further(store):
    old, new = ruleset(LINKS), ruleset(LINKS + "length: {max: 20, max_bytes: 25}\n")
    save(store, old, [decided(old, 1, links=2)])
    (flip,) = diff_stored(store, Question(old, new)).shown
    assert [reason.rule for reason in flip.before.reasons] == ["many-links"]
    assert [reason.rule for reason in flip.after.reasons] == ["length.too_long"]


@pytest.mark.parametrize(
    ("source", "lacking"),
    [
        (BASE.replace("toxicity: {thr", "toxicity: {model: original, thr"), Lacking.SCORES),
        (BASE + "language: {expected: [en, de]}\n", Lacking.LANGUAGE),
        (BASE + "language: false\n", Lacking.LANGUAGE),
    ],
)
def test_what_the_record_lacks_is_counted_and_left_out(store, source, lacking):
    old, new = ruleset(), ruleset(source=source)
    save(store, old, [decided(old, 1, toxicity=0.99), decided(old, 2)])
    found = diff_stored(store, Question(old, new, examine=False))
    assert found.tally.comments == 0
    assert found.tally.lacking == {lacking: 2}
    assert found.to_dict()["not_replayed"] == {lacking: 2}


def test_a_model_that_is_not_here_is_no_fair_replay(store):
    old = ruleset()
    new = ruleset(source=BASE.replace("toxicity: {thr", "toxicity: {model: ./nowhere.ckpt, thr"))
    save(store, old, [decided(old, 1)])
    assert diff_stored(store, Question(old, new)).tally.lacking == {Lacking.SCORES: 1}


def test_a_ruleset_that_no_release_reads_any_more_is_said_so(store):
    old = ruleset()
    save(store, old, [decided(old, 1)])
    with store.transaction() as session:
        session.connection().execute(text("UPDATE ruleset SET source = 'version: 9'"))
    other = ruleset(LINKS)
    assert diff_stored(store, Question(other, other)).tally.lacking == {Lacking.RULESET: 1}


def test_what_was_too_long_is_examined_again(store):
    old = ruleset("length: {max: 10, max_bytes: 20}\n")
    new = ruleset()
    long = "What a lovely long sentence this is, at last."
    pipeline = Pipeline.open(old)
    row = decided(old, 1, long)
    rows = [new_row(row.comment, pipeline.decide([row.comment])[0])]
    save(store, old, rows)
    found = diff_stored(store, Question(old, new))
    assert found.tally.examined == 1
    (flip,) = found.shown
    assert flip.pair == (R, A)
    assert flip.language == "en"
    assert diff_stored(store, Question(old, new, examine=False)).tally.lacking == {Lacking.STOPPED: 1}
    pipeline.close()


@pytest.mark.slow
def test_processes_count_the_same_as_one(database_url, monkeypatch):
    monkeypatch.setattr("moderation.backtest.workers.PAGE", 30)
    monkeypatch.setattr("moderation.backtest.workers.WORTH_IT", 60)
    old, new = ruleset(), ruleset(LINKS)
    told = []
    with Store.open(database_url) as store:
        save(store, old, [decided(old, n, toxicity=n / 100, links=n % 4) for n in range(100)])
        alone = diff_stored(store, Question(old, new))
        shared = diff_stored(
            store, Question(old, new), processes=2, progress=lambda done, of: told.append((done, of))
        )
    assert shared.to_dict() == alone.to_dict()
    assert told == [(30, 100), (60, 100), (90, 100), (100, 100)]


def test_a_database_in_memory_is_replayed_by_one_process():
    with Store.open("sqlite://") as store:
        assert store.address is None
        assert diff_stored(store, Question(ruleset(), ruleset()), processes=4).flips == 0


def test_comments_that_are_stored_nowhere_are_decided_by_the_real_pipeline():
    old, new = ruleset(), ruleset(LINKS)
    comments = [
        Comment("See https://a.example and https://b.example"),
        Comment("What a lovely day it is today"),
    ]
    found = diff_unstored(Question(old, new), comments)
    assert found.pairs == [((A, H), 1)]
    assert found.shown[0].comment_id is None
    json.dumps(found.to_dict())


@examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scores=st.lists(st.floats(0, 1).map(lambda x: round(x, 6)), min_size=1, max_size=4),
    links=st.integers(0, 3),
    repeats=st.integers(0, 2),
    language=st.sampled_from(["en", "ko", "de", "und"]),
    muted=st.sampled_from([(), ("toxicity.toxicity",), ("many-links",)]),
)
def test_a_stored_decision_is_made_again_from_its_record(scores, links, repeats, language, muted):
    rules = ruleset(LINKS)
    with Store.open("sqlite://") as store:
        rows = [
            decided(
                rules,
                n,
                toxicity=s,
                links=links,
                repeats=repeats,
                language=language,
                muted=muted,
                locale="ko",
            )
            for n, s in enumerate(scores)
        ]
        save(store, rules, rows)
        with store.reading() as session:
            stored = find_stored([key_of(row.comment) for row in rows], session=session)
        for item in stored.values():
            again = _weighed(rules, item)
            assert (again.action, again.reasons, again.shadow) == (
                item.decision.action,
                item.decision.reasons,
                item.decision.shadow,
            )
        if not muted:
            found = diff_stored(store, Question(rules, rules, show=9))
            assert found.flips == 0
            actions = {row.decision.action for row in rows}
            assert {before for before, *_ in found.tally.counts} == actions
