"""What threads may do to each other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from moderation.domain import Action
from moderation.store import AlreadyStoredError, Store, add_all, iterate
from tests.store.samples import comment, decision, new_row, save, save_comments


def in_threads(count, work):
    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(work, number) for number in range(count)]]


def test_threads_share_a_store(store):
    def work(number):
        for n in range(20):
            save(store, new_row(comment(f"{number}-{n}"), decision(Action.HOLD)))

    in_threads(8, work)
    assert len({item.comment.external_id for item in iterate(store)}) == 160


def test_threads_share_a_store_in_memory():
    with Store.open("sqlite://") as store:
        in_threads(4, lambda number: save_comments(store, [comment(f"{number}")]))
        assert len(list(iterate(store))) == 4


def test_of_threads_that_store_the_same_comment_one_wins_and_the_others_know(store):
    save(store)  # the ruleset
    together = Barrier(6)

    def work(_):
        together.wait()
        try:
            return save_comments(store, [comment()])[0].id
        except AlreadyStoredError:
            return None

    found = in_threads(6, work)
    assert [number for number in found if number] == [item.decision.id for item in iterate(store)]
    assert found.count(None) == 5


@pytest.mark.postgres
def test_a_deadlock_of_two_that_store_the_same_comments_is_a_lost_race(postgres_url):
    """Row locks, which only PostgreSQL has, are taken in the order of inserts."""
    together = Barrier(2)
    with Store.open(postgres_url) as store:
        save(store)

        def work(number):
            first, second = ("a", "b") if number else ("b", "a")
            try:
                with store.transaction() as session:
                    add_all([new_row(comment(first), decision())], session=session)
                    together.wait()
                    add_all([new_row(comment(second), decision())], session=session)
            except AlreadyStoredError:
                return "lost"
            return "won"

        assert sorted(in_threads(2, work)) == ["lost", "won"]
        assert len(list(iterate(store))) == 2
