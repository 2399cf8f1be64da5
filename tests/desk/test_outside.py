"""Verdicts of programs outside, on each kind of database."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from moderation.desk.outside import OutsideVerdict, find_outside, take_verdicts
from moderation.desk.values import VerdictResult, VerdictStatus
from moderation.domain import Action, VerdictKind
from moderation.errors import CommentNotFoundError, VerdictError
from moderation.store import standing_verdicts
from moderation.store.queue.counts import queue_counts
from moderation.store.queue.filters import EVERYTHING
from tests.store.samples import comment, decision, new_row, save

AT = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


@pytest.fixture
def numbers(store):
    """One comment on each of two sites, with the same id; both wait in the queue."""
    rows = [new_row(comment("c-1", site=site), decision(Action.HOLD)) for site in ("news", "blog")]
    return [stored.comment_id for stored in save(store, *rows)]


def rejection(**fields):
    return OutsideVerdict(kind=VerdictKind.REJECT, by="ann", **fields)


def became(results):
    return [one.status if isinstance(one, VerdictResult) else type(one) for one in results]


def test_a_verdict_settles_the_comment_that_it_names(store, numbers):
    named = rejection(site="blog", external_id="c-1", at=AT, reason="r", note="n\0")
    assert became(take_verdicts(store, [named])) == [VerdictStatus.APPLIED]
    with store.reading() as session:
        stored = standing_verdicts(numbers, session=session)
        waiting = queue_counts(EVERYTHING, datetime.now(UTC), session=session)
    assert set(stored) == {numbers[1]}
    assert (stored[numbers[1]].note, stored[numbers[1]].created_at) == ("n\0", AT)
    assert waiting.pending == 1


def test_the_same_uid_is_applied_once_and_for_one_verdict(store, numbers):
    uid = str(uuid4())
    first = rejection(comment_id=numbers[0], uid=uid)
    other = rejection(comment_id=numbers[1], uid=uid)
    assert became(take_verdicts(store, [first, other])) == [VerdictStatus.APPLIED, VerdictError]
    assert became(take_verdicts(store, [first])) == [VerdictStatus.REPEATED]


def test_without_a_uid_each_is_another_verdict(store, numbers):
    for _ in range(2):
        assert became(take_verdicts(store, [rejection(comment_id=numbers[0])])) == [VerdictStatus.APPLIED]


def test_comments_of_sites_that_are_not_theirs_are_not_found(store, numbers):
    both = [rejection(comment_id=number) for number in numbers]
    results = take_verdicts(store, both, lambda site: site == "news")
    assert became(results) == [VerdictStatus.APPLIED, CommentNotFoundError]


@pytest.mark.parametrize(
    ("site", "external_id", "number", "found"),
    [
        ("news", "c-1", None, True),
        ("news", "c-2", None, False),
        (None, "c-1", None, False),
        ("news", None, None, False),
        (None, None, 0, True),
        ("news", "c-1", 0, True),
        ("blog", None, 0, False),
        (None, "c-2", 0, False),
        (None, None, 99, False),
    ],
)
def test_all_that_is_said_of_a_comment_must_fit(store, numbers, site, external_id, number, found):
    comment_id = numbers[number] if number == 0 else number
    with store.reading() as session:
        stored = find_outside(site, external_id, comment_id, session=session)
    assert (stored is not None) is found
    assert stored is None or stored.id == numbers[0]
