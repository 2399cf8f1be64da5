"""What a moderator is given."""

from datetime import timedelta

import pytest

from moderation.desk import Desk, QueueFilter, VerdictStatus
from moderation.domain import Action, VerdictKind
from tests.desk.support import ANN, BOB, EVE, ids, queue, request


def test_the_most_urgent_comes_first_and_nobody_else_gets_it(store, desk):
    queue(store, 5)
    assert ids(desk.next_batch(ANN, size=2)) == ["c-0", "c-1"]
    assert ids(desk.next_batch(BOB, size=2)) == ["c-2", "c-3"]
    assert ids(desk.next_batch(ANN, size=2)) == ["c-0", "c-1"]
    assert ids(desk.next_batch(ANN, size=9)) == ["c-0", "c-1", "c-4"]


def test_a_lease_ends_unless_it_is_renewed(store, desk, clock):
    queue(store, 2)
    desk.next_batch(ANN, size=2)
    clock.forward(minutes=9)
    assert desk.renew(ANN) == 2
    clock.forward(minutes=9)
    assert desk.next_batch(BOB) == []
    assert len(desk.next_batch(ANN)) == 2  # which renews, too
    clock.forward(minutes=9)
    assert desk.next_batch(BOB) == []
    clock.forward(minutes=2)
    assert ids(desk.next_batch(BOB)) == ["c-0", "c-1"]
    assert desk.next_batch(ANN) == []


def test_what_is_given_back_goes_to_others(store, desk):
    queue(store, 2)
    desk.next_batch(ANN)
    assert desk.release(ANN) == 2
    assert ids(desk.next_batch(BOB)) == ["c-0", "c-1"]


def test_a_card_says_all_that_a_moderator_decides_by(store, desk, clock):
    (stored,) = queue(store, 1)
    (card,) = desk.next_batch(ANN)
    assert card.comment.id == stored.comment_id
    assert card.comment.comment.text == "Text 0."
    assert card.decision.id == stored.id
    assert card.decision.reasons == stored.reasons
    assert (card.leased_by, card.leased_until) == ("ann", clock.now + timedelta(minutes=10))
    assert (card.escalated, card.blind, card.verdicts) == (False, False, ())


FILTERS = {
    "site": (QueueFilter(site="blog"), ["blog-0"]),
    "thread": (QueueFilter(thread="t-9"), ["thread-0"]),
    "language": (QueueFilter(language="ko"), ["ko-0"]),
    "rule": (QueueFilter(rule="toxicity.insult", site="blog"), ["blog-0"]),
    "no_such_rule": (QueueFilter(rule="length"), []),
    "action": (QueueFilter(action=Action.FLAG), ["flag-0"]),
    "attribute_band": (QueueFilter(attribute="toxicity", low=0.3, high=0.5), ["low-0"]),
    "attribute_unscored": (QueueFilter(attribute="threat", low=0.0), []),
    "score_band": (QueueFilter(low=0.3, high=0.5), ["low-0"]),
    "not_escalated": (QueueFilter(escalated=False, language="ko"), ["ko-0"]),
    "old": (QueueFilter(min_age=timedelta(days=9999)), []),
    "young": (QueueFilter(max_age=timedelta(days=9999), site="blog"), ["blog-0"]),
    "mine": (QueueFilter(assigned_to="ann"), []),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_narrows_what_is_given(store, name):
    queue(store, 1, prefix="blog", site="blog")
    queue(store, 1, prefix="thread", thread="t-9")
    queue(store, 1, prefix="ko", language="ko")
    queue(store, 1, prefix="flag", action=Action.FLAG)
    queue(store, 1, prefix="low", scores=[0.4])
    wanted, expected = FILTERS[name]
    desk = Desk(store)
    assert ids(desk.browse(ANN, wanted)) == expected
    assert ids(desk.next_batch(ANN, wanted)) == expected


def test_what_i_hold_can_be_asked_for(store, desk):
    queue(store, 3)
    desk.next_batch(ANN, size=2)
    mine = QueueFilter(assigned_to="ann")
    assert ids(desk.browse(BOB, mine)) == ["c-0", "c-1"]
    assert ids(desk.next_batch(ANN, mine)) == ["c-0", "c-1"]


def test_the_queue_is_looked_through_page_by_page(store, desk):
    queue(store, 7, scores=[0.9, 0.9, 0.9, 0.8, 0.8, 0.7, 0.1])
    seen, after = [], None
    while page := desk.browse(ANN, after=after, size=2):
        seen += ids(page)
        after = (page[-1].priority, page[-1].item)
    assert sorted(seen) == [f"c-{n}" for n in range(7)]
    assert seen[-1] == "c-6"


def test_what_was_skipped_goes_to_others_for_an_hour(store, desk, clock):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    result = desk.decide(ANN, request(card, VerdictKind.SKIP))
    assert (result.status, result.verdict.kind) == (VerdictStatus.APPLIED, VerdictKind.SKIP)
    assert desk.next_batch(ANN) == []
    assert ids(desk.next_batch(BOB)) == ["c-0"]
    desk.release(BOB)
    clock.forward(minutes=61)
    assert ids(desk.next_batch(ANN)) == ["c-0"]


def test_what_was_escalated_goes_to_admins_first(store, desk):
    queue(store, 3)
    cards = desk.next_batch(ANN)
    desk.decide(ANN, request(cards[2], VerdictKind.ESCALATE, note="a threat?"))
    desk.release(ANN)
    assert ids(desk.next_batch(ANN, size=9)) == ["c-0", "c-1"]
    (first,) = desk.next_batch(EVE, size=1)
    assert (first.comment.comment.external_id, first.escalated) == ("c-2", True)
    assert [verdict.note for verdict in first.verdicts] == ["a threat?"]


def test_a_changed_text_takes_the_place_of_the_older_one(store, desk):
    queue(store, 1)
    (old,) = desk.next_batch(ANN)
    queue(store, 1, revision=1)
    result = desk.decide(ANN, request(old))
    assert (result.status, result.verdict) == (VerdictStatus.CHANGED, None)
    assert "changed the text" in result.message
    (new,) = desk.next_batch(ANN)
    assert new.comment.comment.revision == 1


def test_a_text_that_arrives_after_its_edit_is_not_given_to_anybody(store, desk):
    queue(store, 1, revision=1)
    queue(store, 1, revision=0)
    assert [card.comment.comment.revision for card in desk.next_batch(ANN)] == [1]
    assert desk.queue_counts().pending == 1
