"""A rule that was just changed and rejects too much may only hold; on both databases."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from moderation import Action, Comment, Moderator
from moderation.backtest.replay import replay_decision
from moderation.moderator import CHUNK
from moderation.rollout import Limits, release_rule
from moderation.settings import settings
from moderation.store import BrakeKind, RuleVersion, brake_events, get_comment
from tests.rollout.sites import LINKS, MANY_LINKS, kind, link, live, rules

DAY = timedelta(hours=24)


@pytest.fixture
def open_site(database_url):
    """Open a site that decides by what is live."""
    opened = []

    def _open(ruleset=None):
        opened.append(Moderator.open(ruleset, database=database_url, follow=False))
        return opened[-1]

    yield _open
    for moderator in opened:
        moderator.close()


@pytest.fixture
def changed(store, open_site):
    """A site on which the rule `no-links` was just added."""
    live(rules(), store)
    live(rules(LINKS), store)
    return open_site()


def actions(decisions):
    return [decision.action for decision in decisions]


def count(found, action):
    return sum(decision.action is action for decision in found)


def age_of_rules(store, days):
    """Let all that was recorded about rules be older."""
    with store.transaction() as session:
        for number, since in session.connection().execute(text("SELECT id, created_at FROM rule_version")):
            earlier = datetime.fromisoformat(str(since)).replace(tzinfo=UTC) - timedelta(days=days)
            session.connection().execute(
                text("UPDATE rule_version SET created_at = :then WHERE id = :id"),
                {"then": earlier.isoformat(sep=" "), "id": number},
            )


def events(store):
    with store.reading() as session:
        return brake_events(session=session)


def test_a_fresh_rule_may_reject_twenty_comments_and_holds_the_next(changed, store):
    found = list(changed.submit_many(link(n) for n in range(50)))
    assert actions(found) == [Action.REJECT] * 20 + [Action.HOLD] * 30
    assert found[20].reasons[0].evidence == {"links": 1, "braked": True}
    assert [(e.rule, e.kind, e.hits, e.of) for e in events(store)] == [("no-links", BrakeKind.BRAKED, 21, 21)]


def test_one_by_one_is_as_together(changed):
    found = [changed.submit(link(n)) for n in range(25)]
    assert actions(found) == [Action.REJECT] * 20 + [Action.HOLD] * 5


def test_a_fresh_rule_that_hits_little_keeps_its_power(changed, store):
    comments = [link(n) if n % 25 == 0 else kind(n) for n in range(2 * CHUNK)]
    found = list(changed.submit_many(comments))
    assert count(found, Action.REJECT) == len(comments[::25]) > 20
    assert events(store) == []


def test_a_rule_is_braked_in_the_middle_of_a_chunk_of_which_it_hits_too_much(changed):
    comments = [*(kind(n) for n in range(400)), *(link(n) for n in range(100))]
    found = list(changed.submit_many(comments))
    assert count(found, Action.REJECT) == 21  # 5 % of the 421 comments so far; one more would be over
    assert count(found, Action.HOLD) == 79


def test_it_is_said_once_and_loudly(changed, caplog):
    with caplog.at_level(logging.WARNING, "moderation.rollout"):
        for n in range(30):
            changed.submit(link(n))
    (record,) = caplog.records
    assert "rule no-links, changed a short while ago, rejected 21 of 21 comments" in record.getMessage()
    assert "example.com" not in caplog.text


def test_check_goes_by_the_brake_and_triggers_none(changed, open_site, store):
    assert count((changed.check(link(n)) for n in range(30)), Action.REJECT) == 30
    assert events(store) == []
    list(changed.submit_many(link(n) for n in range(30)))
    for moderator in (changed, open_site()):
        decision = moderator.check(link(99))
        assert (decision.action, decision.braked) == (Action.HOLD, {"no-links"})


def test_another_rule_that_rejects_the_same_comment_still_does(store, open_site):
    other = '{name: no-cats, when: {links: "> 0"}, action: reject, explain: "No."}'
    live(rules(other), store)
    live(rules(LINKS, other), store)
    found = list(open_site().submit_many(link(n) for n in range(30)))
    assert count(found, Action.REJECT) == 30
    assert found[-1].braked == {"no-links"}


def test_the_first_rules_ever_are_never_braked(store, open_site):
    live(rules(LINKS), store)
    assert count(open_site().submit_many(link(n) for n in range(50)), Action.REJECT) == 50


def test_a_rule_that_stayed_as_it_was_is_not_braked(store, open_site):
    live(rules(LINKS), store)
    live(rules(LINKS, length="{max: 200}"), store)
    assert count(open_site().submit_many(link(n) for n in range(50)), Action.REJECT) == 50


def test_other_words_for_the_author_are_no_change(store, open_site):
    live(rules(LINKS), store)
    live(rules(LINKS.replace("action", 'explain: "No links here.", action')), store)
    assert count(open_site().submit_many(link(n) for n in range(50)), Action.REJECT) == 50


def test_a_section_that_changed_is_a_rule_that_changed(store, open_site):
    live(rules(), store)
    live(rules(length="{max: 10}"), store)
    found = list(open_site().submit_many(kind(n) for n in range(50)))
    assert actions(found) == [Action.REJECT] * 20 + [Action.HOLD] * 30


def test_a_ruleset_that_was_never_applied_has_the_same_brake(store, open_site):
    open_site(rules(MANY_LINKS)).submit(kind(1))
    found = list(open_site(rules(LINKS)).submit_many(link(n) for n in range(50)))
    assert count(found, Action.REJECT) == 20


def test_hits_of_the_rule_as_it_was_do_not_count(store, open_site):
    live(rules(LINKS), store)
    before = open_site()
    live(rules(MANY_LINKS), store)
    after = open_site()
    assert count(before.submit_many(link(n) for n in range(100)), Action.REJECT) == 100
    both = Comment("See https://a.com and https://b.com", external_id="both")
    assert after.submit(both).action is Action.REJECT
    assert events(store) == []


def test_after_a_day_a_rule_is_trusted(changed, store, open_site):
    age_of_rules(store, 2)
    assert count(open_site().submit_many(link(n) for n in range(50)), Action.REJECT) == 50


def test_a_brake_that_is_on_stays_on_until_somebody_looks(changed, store, open_site):
    list(changed.submit_many(link(n) for n in range(30)))
    age_of_rules(store, 2)
    assert open_site().submit(link(99)).action is Action.HOLD


def test_releasing_gives_the_power_back_for_good(changed, store, open_site):
    list(changed.submit_many(link(n) for n in range(30)))
    event = release_rule("no-links", store=store, by="ann")
    assert event
    assert (event.kind, event.by) == (BrakeKind.RELEASED, "ann")
    assert release_rule("no-links", store=store, by="ann") is None
    for begin, moderator in ((100, changed), (200, open_site())):
        found = moderator.submit_many(link(n) for n in range(begin, begin + 50))
        assert count(found, Action.REJECT) == 50
    assert len(events(store)) == 2


def test_a_rule_can_be_released_before_it_hits(changed, store):
    release_rule("no-links", store=store, by="ann")
    assert count(changed.submit_many(link(n) for n in range(50)), Action.REJECT) == 50


def test_the_next_change_of_a_released_rule_starts_again(changed, store, open_site):
    release_rule("no-links", store=store, by="ann")
    live(rules(MANY_LINKS), store)
    live(rules(LINKS), store)
    found = list(open_site().submit_many(link(n) for n in range(50)))
    assert count(found, Action.REJECT) == 20


def test_a_braked_decision_replays_as_it_was_made(changed, store):
    list(changed.submit_many(link(n) for n in range(30)))
    with store.reading() as session:
        stored = get_comment("link-25", session=session)
    assert stored
    outcome = replay_decision(stored, store=store)
    assert (outcome.differences, outcome.again.action) == ((), Action.HOLD)


def test_the_limits_are_settings(monkeypatch, store, open_site):
    monkeypatch.setenv("MODERATION_BRAKE_COMMENTS", "3")
    monkeypatch.setenv("MODERATION_BRAKE_SHARE", "0.5")
    settings.cache_clear()
    live(rules(), store)
    live(rules(LINKS), store)
    comments = [*(kind(n) for n in range(4)), *(link(n) for n in range(10))]
    assert count(open_site().submit_many(comments), Action.REJECT) == 4
    settings.cache_clear()


@pytest.mark.parametrize(
    ("initial", "age", "fresh"),
    [
        pytest.param(False, timedelta(hours=23), True, id="changed-today"),
        pytest.param(False, timedelta(hours=25), False, id="changed-yesterday"),
        pytest.param(True, timedelta(hours=1), False, id="there-from-the-start"),
    ],
)
def test_what_is_fresh(initial, age, fresh):
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    version = RuleVersion(1, "no-links", "f" * 64, now - age, initial)
    assert Limits(DAY, 0.05, 20).fresh(version, now) is fresh


@pytest.mark.parametrize(
    ("hits", "of", "too_much"),
    [(20, 20, False), (21, 21, True), (21, 420, False), (22, 420, True), (1000, 20_000, False)],
)
def test_what_is_too_much(hits, of, too_much):
    limits = Limits(DAY, 0.05, 20)
    assert limits.exceeded(hits, of) is too_much
    assert not limits.exceeded(hits, max(of, limits.plenty(hits)))
