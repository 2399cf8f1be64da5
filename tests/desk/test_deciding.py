"""Verdicts: applied once, against what was shown, and taken back."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from moderation.desk import BatchResult, Desk, QueueFilter, VerdictRequest, VerdictStatus
from moderation.domain import Action, VerdictKind
from moderation.errors import CommentNotFoundError, PermissionDeniedError, VerdictError
from moderation.store.verdicts.verdict_log import verdicts_of
from tests.desk.support import ANN, BOB, EVE, ids, queue, request
from tests.store.samples import comment, decision, new_row, save

APPLIED, REPEATED, CHANGED = VerdictStatus.APPLIED, VerdictStatus.REPEATED, VerdictStatus.CHANGED
FINAL = [VerdictKind.APPROVE, VerdictKind.REJECT]


def uid():
    return str(uuid4())


def stored(store):
    with store.reading() as session:
        return session.connection().execute(text("SELECT count(*) FROM verdict")).scalar_one()


@pytest.mark.parametrize("kind", FINAL)
def test_a_verdict_settles_a_comment(store, desk, kind):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    result = desk.decide(ANN, request(card, kind, reason="insult", note="see #4", seconds=2.5))
    assert (result.status, result.message, result.version) == (APPLIED, "", card.version + 1)
    verdict = result.verdict
    assert (verdict.kind, verdict.by, verdict.reason, verdict.note) == (kind, "ann", "insult", "see #4")
    assert (verdict.seconds, verdict.text_hash) == (2.5, card.text_hash)
    assert desk.next_batch(ANN) == desk.next_batch(BOB) == []
    assert desk.history(card.comment.id).published == (kind is VerdictKind.APPROVE)


def test_the_same_verdict_twice_is_applied_once(store, desk):
    queue(store, 2)
    card, other = desk.next_batch(ANN)
    asked = request(card)
    first = desk.decide(ANN, asked)
    again = desk.decide_many(ANN, [asked, request(other), asked])
    assert [result.status for result in again] == [REPEATED, APPLIED, REPEATED]
    assert again[0].verdict == again[2].verdict == first.verdict
    assert stored(store) == 2


def test_the_same_verdict_twice_in_one_burst_is_applied_once(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    asked = request(card)
    one, two = desk.decide_many(ANN, [asked, asked])
    assert one.verdict == two.verdict
    assert stored(store) == 1


def test_of_two_verdicts_the_first_counts(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    desk.decide(ANN, request(card))
    late = desk.decide(BOB, request(card, VerdictKind.REJECT))
    assert (late.status, late.message) == (CHANGED, "ann has decided this comment meanwhile.")
    assert stored(store) == 1


def test_a_verdict_on_another_text_is_not_applied(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    result = desk.decide(ANN, request(card, text_hash="0" * 64))
    assert (result.status, stored(store)) == (CHANGED, 0)


def test_what_is_not_in_the_queue_is_gone(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    assert desk.decide(ANN, request(card, item=999)).status is VerdictStatus.GONE


def test_after_the_lease_a_verdict_counts_unless_a_colleague_has_taken_over(store, desk, clock):
    queue(store, 2)
    one, two = desk.next_batch(ANN)
    clock.forward(minutes=11)
    assert desk.decide(ANN, request(one)).status is APPLIED
    assert ids(desk.next_batch(BOB)) == ["c-1"]
    result = desk.decide(ANN, request(two))
    assert (result.status, result.message) == (VerdictStatus.TAKEN, "bob has taken this comment over.")


def test_only_an_admin_decides_what_was_escalated(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    desk.decide(ANN, request(card, VerdictKind.ESCALATE))
    assert "escalated meanwhile" in desk.decide(BOB, request(card)).message
    (shown,) = desk.browse(BOB)
    assert desk.decide(BOB, request(shown)).status is VerdictStatus.DENIED
    (shown,) = desk.next_batch(EVE)
    assert desk.decide(EVE, request(shown, VerdictKind.ESCALATE)).status is APPLIED  # to another admin
    assert desk.next_batch(EVE) == []
    (shown,) = desk.cards(EVE, [card.item])
    assert desk.decide(EVE, request(shown)).status is APPLIED


@pytest.mark.parametrize("fields", [{"uid": "no uuid"}, {"kind": VerdictKind.UNDO}])
def test_a_request_that_makes_no_sense_is_refused(store, desk, fields):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    with pytest.raises(VerdictError):
        request(card, **fields)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e9])
def test_seconds_that_no_clock_shows_are_unknown(store, desk, seconds):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    assert request(card, seconds=seconds).seconds is None


@pytest.mark.parametrize("kind", [*FINAL, VerdictKind.ESCALATE, VerdictKind.SKIP])
def test_an_undo_brings_a_comment_back_as_it_was(store, desk, kind):
    queue(store, 2)
    (card, _) = desk.next_batch(ANN)
    decided = desk.decide(ANN, request(card, kind))
    (result,) = desk.undo(ANN, uid=uid())
    assert (result.status, result.verdict.undoes) == (APPLIED, decided.verdict.id)
    back, _ = desk.next_batch(ANN)
    assert (back.item, back.version) == (card.item, result.version)
    assert (back.priority, back.escalated, back.blind) == (card.priority, False, False)
    assert desk.decide(ANN, request(back)).status is APPLIED
    assert stored(store) == 3  # nothing was deleted


def test_each_undo_takes_back_one_more(store, desk):
    queue(store, 3)
    cards = desk.next_batch(ANN)
    for card in cards:
        desk.decide(ANN, request(card))
    first, second = uid(), uid()
    undone = [desk.undo(ANN, uid=one)[0] for one in (first, second, second, first)]
    assert [result.status for result in undone] == [APPLIED, APPLIED, REPEATED, REPEATED]
    assert [result.item for result in undone] == [cards[n].item for n in (2, 1, 1, 2)]
    assert len(desk.undo(ANN, uid=uid())) == 1
    assert desk.undo(ANN, uid=uid()) == []


def test_a_moderator_takes_back_only_their_own(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    verdict = desk.decide(ANN, request(card)).verdict.id
    with pytest.raises(PermissionDeniedError):
        desk.undo(BOB, uid=uid(), verdict=verdict)
    (undone,) = desk.undo(EVE, uid=uid(), verdict=verdict)
    assert undone.verdict.by == "eve"
    (again,) = desk.undo(ANN, uid=uid(), verdict=verdict)
    assert (again.status, again.message) == (CHANGED, "eve has taken this back already.")
    with pytest.raises(VerdictError):
        desk.undo(EVE, uid=uid(), verdict=undone.verdict.id)
    assert desk.undo(EVE, uid=uid(), verdict=999) == []


def test_what_somebody_else_has_decided_since_is_not_undone(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    desk.decide(ANN, request(card, VerdictKind.ESCALATE))
    desk.decide(EVE, request(desk.next_batch(EVE)[0], VerdictKind.REJECT))
    (result,) = desk.undo(ANN, uid=uid())
    assert (result.status, result.message) == (CHANGED, "eve has decided this comment since.")
    assert desk.next_batch(ANN) == []


def test_an_undo_does_not_bring_back_what_the_author_has_changed(store, desk):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    desk.decide(ANN, request(card))
    queue(store, 1, revision=1)
    assert desk.undo(ANN, uid=uid())[0].status is APPLIED
    assert [shown.comment.comment.revision for shown in desk.next_batch(ANN)] == [1]


def test_verdicts_made_together_are_undone_together(store, desk):
    queue(store, 4)
    cards, batch = desk.next_batch(ANN), uid()
    desk.decide_many(ANN, [request(card) for card in cards[:3]], batch=batch)
    once = uid()
    assert [result.status for result in desk.undo(ANN, uid=once, batch=batch)] == [APPLIED] * 3
    assert [result.status for result in desk.undo(ANN, uid=once, batch=batch)] == [REPEATED] * 3
    assert len(desk.next_batch(ANN)) == 4


def test_a_range_is_decided_and_undone_at_once(store, desk, clock):
    queue(store, 600, scores=[n / 600 for n in range(600)])
    clock.now = max(point.created_at for point in desk.points())
    desk.next_batch(BOB, size=5)  # the highest
    low, batch = QueueFilter(low=0.0, high=0.9), uid()
    assert len(desk.points(low)) == 541
    with pytest.raises(VerdictError):
        desk.decide_range(ANN, low, VerdictKind.SKIP, batch=batch, as_of=clock.now)
    done = desk.decide_range(ANN, low, VerdictKind.APPROVE, batch=batch, as_of=clock.now)
    assert done == BatchResult(batch, 541, 0)
    assert desk.decide_range(ANN, low, VerdictKind.APPROVE, batch=batch, as_of=clock.now).applied == 0
    rest = desk.decide_range(ANN, QueueFilter(), VerdictKind.REJECT, batch=uid(), as_of=clock.now)
    assert (rest.applied, rest.left) == (54, 5)
    assert len(desk.undo(ANN, uid=uid(), batch=batch)) == 541
    assert desk.queue_counts().pending == 546


def test_a_range_leaves_what_came_later(store, desk, clock):
    queue(store, 2)
    shown = desk.points()[-1].created_at
    queue(store, 2, prefix="late")
    desk.decide_range(ANN, QueueFilter(), VerdictKind.APPROVE, batch=uid(), as_of=shown)
    assert ids(desk.next_batch(ANN)) == ["late-0", "late-1"]


def test_any_comment_can_be_judged(store, desk, clock):
    (made,) = save(store, new_row(comment("free"), decision(Action.REJECT)))
    result = desk.judge(ANN, made.comment_id, VerdictKind.APPROVE, note="fine", at=clock.now)
    assert (result.status, result.item, result.verdict.created_at) == (APPLIED, None, clock.now)
    assert desk.history(made.comment_id).published
    assert desk.judge(ANN, made.comment_id, VerdictKind.REJECT, uid=result.uid).status is REPEATED
    assert desk.judge(ANN, made.comment_id, VerdictKind.REJECT, text_hash="0" * 64).status is CHANGED
    desk.undo(ANN, uid=uid())
    assert not desk.history(made.comment_id).published
    with pytest.raises(CommentNotFoundError):
        desk.judge(ANN, 999, VerdictKind.APPROVE)
    with pytest.raises(VerdictError):
        desk.judge(ANN, made.comment_id, VerdictKind.ESCALATE)


def test_judging_a_queued_comment_takes_it_out_of_the_queue(store, desk):
    (made,) = queue(store, 1)
    (card,) = desk.next_batch(ANN)
    assert desk.judge(BOB, made.comment_id, VerdictKind.REJECT).status is APPLIED
    assert desk.decide(ANN, request(card)).status is CHANGED


def test_a_second_opinion_is_blind_and_changes_nothing(store, clock):
    desk = Desk(store, clock=clock, second_review=1)
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    desk.decide(ANN, request(card))
    assert desk.next_batch(ANN) == []
    assert desk.queue_counts().pending == 0
    (second,) = desk.next_batch(BOB)
    assert (second.blind, second.verdicts) == (True, ())
    result = desk.decide(BOB, request(second, VerdictKind.REJECT))
    assert result.status is APPLIED
    assert desk.history(card.comment.id).verdicts[-1].blind
    assert desk.history(card.comment.id).published
    assert desk.next_batch(EVE) == []
    desk.undo(BOB, uid=uid())
    assert [again.blind for again in desk.next_batch(BOB)] == [True]
    desk.undo(ANN, uid=uid())
    assert [again.blind for again in desk.next_batch(ANN)] == [False]
    with store.reading() as session:
        assert len(verdicts_of(card.comment.id, session=session)) == 4


def test_about_as_many_get_a_second_opinion_as_were_asked_for(store, clock):
    desk = Desk(store, clock=clock, second_review=0.1)
    queue(store, 500, scores=[0.5] * 500)
    desk.decide_many(ANN, [request(card) for card in desk.next_batch(ANN, size=500)])
    assert 25 <= len(desk.next_batch(BOB, size=500)) <= 80


@pytest.mark.parametrize(
    "about",
    [
        pytest.param({}, id="nothing-named"),
        pytest.param({"item": 1, "comment": 1}, id="both-named"),
        pytest.param({"comment": 1, "kind": VerdictKind.SKIP}, id="a-named-comment-is-settled"),
        pytest.param({"item": 1, "kind": VerdictKind.UNDO}, id="an-undo-is-no-request"),
        pytest.param({"item": 1, "uid": "1"}, id="no-uuid"),
    ],
)
def test_what_no_verdict_can_ask_for_is_refused_before_anything_is_read(about):
    with pytest.raises(VerdictError):
        VerdictRequest(**({"uid": uid(), "kind": VerdictKind.APPROVE} | about))
