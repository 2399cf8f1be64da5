"""The figures of a period."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from moderation.desk import Agreement, Desk
from moderation.desk.overview import agreement, quantile
from moderation.domain import Action, Outcome, VerdictKind
from moderation.store.tables.verdicts import VerdictRow
from tests.desk.support import ANN, BOB, EVE, queue, request
from tests.store.samples import comment, decision, new_row, save

APPROVE, REJECT = VerdictKind.APPROVE, VerdictKind.REJECT


@pytest.fixture
def desk(store, clock):
    clock.now = datetime.now(UTC)  # the time at which comments are stored
    return Desk(store, clock=clock, second_review=1)


def test_a_day_counts_what_came_in_and_what_was_decided(store, desk, clock):
    queue(store, 4)
    save(store, new_row(comment("ko"), decision(Action.APPROVE, language="ko")))
    cards = desk.next_batch(ANN)
    clock.forward(seconds=1)
    for card, kind, seconds in zip(
        cards, (APPROVE, REJECT, REJECT, VerdictKind.SKIP), (1, 2, 3, 4), strict=True
    ):
        desk.decide(ANN, request(card, kind, seconds=seconds))
    for card, kind in zip(desk.next_batch(BOB, size=3), (VerdictKind.ESCALATE, REJECT, APPROVE), strict=True):
        desk.decide(BOB, request(card, kind))
    found = desk.overview(clock.now - timedelta(days=2))
    assert len(found.days) == 3
    assert (found.days[0].incoming, found.days[0].waiting, found.days[0].oldest) == (0, 0, None)
    today = found.days[-1]
    assert (today.incoming, today.queued, today.waiting) == (5, 4, 1)
    assert timedelta(0) <= today.oldest < timedelta(hours=1)
    assert today.decisions == {Action.HOLD: 4, Action.APPROVE: 1}
    assert today.languages == {"en": 4, "ko": 1}
    assert today.verdicts == {APPROVE: 1, REJECT: 2, VerdictKind.SKIP: 1}
    assert (today.seconds_p50, today.seconds_p90) == (2.5, pytest.approx(3.7))
    assert (found.seconds_p50, found.seconds_p90) == (2.5, pytest.approx(3.7))
    assert today.checks["toxicity"].outcomes == {Outcome.OK: 5}
    assert today.checks["language"].ms == 1.25
    assert today.checks["a_late_check"].outcomes == {Outcome.FAILED: 5}
    (rule,) = found.rules
    assert (rule.rule, rule.hits, rule.judged, rule.reversed) == ("toxicity.insult", 4, 3, 1)
    assert rule.reversal_rate == pytest.approx(1 / 3)
    assert found.agreement == Agreement(2, 1, 0.0)


def test_each_day_has_the_agreement_of_its_own_second_opinions(store, desk, clock):
    queue(store, 3)
    for card, kind in zip(desk.next_batch(ANN), (APPROVE, REJECT, REJECT), strict=True):
        desk.decide(ANN, request(card, kind))
    first, *others = desk.next_batch(BOB, size=3)
    desk.decide(BOB, request(first, APPROVE))
    yesterday = clock.now - timedelta(days=1)
    with store.transaction() as session:
        (given,) = session.exec(select(VerdictRow).where(col(VerdictRow.blind))).all()
        given.created_at = yesterday
    for card, kind in zip(others, (REJECT, APPROVE), strict=True):
        desk.decide(BOB, request(card, kind))
    found = desk.overview(clock.now - timedelta(days=2))
    assert [day.agreement for day in found.days] == [
        Agreement(0, 0, None),
        Agreement(1, 1, None),  # one verdict only, so chance agrees as well
        Agreement(2, 1, 0.0),
    ]
    assert (found.agreement.pairs, found.agreement.agreed) == (3, 2)
    assert found.agreement.kappa == pytest.approx(0.4)


def test_what_was_taken_back_does_not_count(store, desk, clock):
    queue(store, 1)
    (card,) = desk.next_batch(ANN)
    desk.decide(ANN, request(card, REJECT))
    desk.decide(BOB, request(desk.next_batch(BOB)[0], REJECT))
    desk.judge(EVE, card.comment.id, APPROVE)
    found = desk.overview(clock.now)
    assert found.agreement.pairs == found.agreement.agreed == 1
    assert (found.rules[0].judged, found.rules[0].reversed) == (1, 1)
    desk.undo(EVE, uid="00000000-0000-4000-8000-000000000001")
    assert desk.overview(clock.now).rules[0].reversed == 0


def test_nothing_stored_is_an_overview_too(desk, clock):
    found = desk.overview(clock.now)
    assert (len(found.days), found.rules, found.seconds_p50) == (1, [], None)
    assert found.agreement == Agreement(0, 0, None)


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [
        ((20, 5, 10, 15), 0.4),  # Wikipedia's example: Cohen's kappa
        ((45, 15, 25, 15), 0.1304),
        ((25, 35, 5, 35), 0.2593),
        ((10, 0, 0, 0), None),
    ],
)
def test_kappa_is_cohens(counts, kappa):
    pairs = [(APPROVE, APPROVE), (APPROVE, REJECT), (REJECT, APPROVE), (REJECT, REJECT)]
    found = agreement([pair for pair, count in zip(pairs, counts, strict=True) for _ in range(count)])
    assert found.kappa == (None if kappa is None else pytest.approx(kappa, abs=1e-4))


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([3], 0.9, 3), ([1, 2], 0.5, 1.5), ([4, 1, 3, 2], 0.9, 3.7)],
)
def test_a_quantile_lies_between_its_neighbours(values, share, expected):
    assert quantile(values, share) == (None if expected is None else pytest.approx(expected))
