"""The queue at a moment: counted, and sampled evenly."""

from datetime import UTC, datetime, timedelta

from moderation.domain import Action
from moderation.store.queue.counts import queue_spread
from moderation.store.queue.filters import EVERYTHING, QueueFilter
from tests.store.samples import comment, decision, new_row, save


def queued(store, count, score=0.25, first=0):
    made = decision(Action.HOLD, score=score)
    save(store, *(new_row(comment(f"c-{first + n}"), made) for n in range(count)))


def look(store, wanted=EVERYTHING, *, as_of=None, most=5_000):
    with store.reading() as session:
        return queue_spread(wanted, as_of=as_of or datetime.now(UTC), most=most, session=session)


def items(found):
    return [point.item for point in found.points]


def test_a_sample_is_even_and_stays_when_others_join(store):
    queued(store, 1_000)
    found = look(store, most=100)
    assert (found.count, len(found.points)) == (1_000, 100)
    halves = sum(item <= 500 for item in items(found))
    assert 35 <= halves <= 65
    queued(store, 100, first=1_000)
    again = look(store, most=100)
    assert again.count == 1_100
    assert len({*items(found)} & {*items(again)}) > 80


def test_what_was_queued_later_is_left_out(store):
    queued(store, 1)
    before = datetime.now(UTC)
    queued(store, 1, first=1)
    assert look(store, as_of=before).count == 1
    assert look(store).count == 2


def test_ages_count_back_from_the_moment(store):
    queued(store, 1)
    later = datetime.now(UTC) + timedelta(hours=2)
    assert look(store, QueueFilter(min_age=timedelta(hours=1)), as_of=later).count == 1
    assert look(store, QueueFilter(max_age=timedelta(hours=1)), as_of=later).count == 0


def test_a_queue_without_anything_has_no_bounds(store):
    found = look(store)
    assert (found.count, found.oldest, found.newest, found.points) == (0, None, None, ())


def test_bounds_are_of_all_and_not_of_the_sample(store):
    queued(store, 20)
    found = look(store, most=1)
    assert found.oldest is not None
    assert found.newest is not None
    assert found.oldest <= found.points[0].created_at <= found.newest
    assert found.oldest.tzinfo is not None
