"""Which windows share a batch, and what happens when one fails."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from moderation.scoring import batches
from moderation.scoring.batches import best_scores, spread
from moderation.scoring.windows import TokenWindow, WindowCutter


class Letters(WindowCutter):
    """Cuts a text at `|`; one token for each letter, and one that is always there."""

    def __init__(self):
        """Without a tokeniser."""

    @override
    def cut(self, text):
        return (TokenWindow(piece, (1, *map(ord, piece))) for piece in text.split("|"))


def run_recording(sizes):
    def run(windows):
        sizes.append([len(window.ids) for window in windows])
        return np.array([[max(window.ids) / 1000, len(window.ids) / 100] for window in windows])

    return run


def expected(text):
    pieces = text.split("|")
    return [max(map(ord, text.replace("|", "") or "\1")) / 1000, (1 + max(map(len, pieces))) / 100]


@given(texts=st.lists(st.text(alphabet="abcdef|", max_size=12), max_size=30), threads=st.integers(1, 3))
def test_each_text_has_the_maximum_over_its_windows_whatever_the_batches(texts, threads):
    sizes: list[list[int]] = []
    found = best_scores(texts, Letters(), run_recording(sizes), width=2, threads=threads)
    assert found.shape == (len(texts), 2)
    assert np.allclose(found, np.array([expected(text) for text in texts]).reshape(-1, 2))
    assert all(len(set(batch)) == 1 for batch in sizes)


def test_a_batch_holds_a_bounded_number_of_tokens():
    sizes: list[list[int]] = []
    best_scores(["a" * 99] * 50, Letters(), run_recording(sizes), width=2, threads=1)
    assert max(sum(batch) for batch in sizes) <= batches.MAX_TOKENS
    assert len(sizes) == 5


def test_windows_wait_in_bounded_number(monkeypatch):
    monkeypatch.setattr(batches, "PENDING", 3)
    numbers = list(range(10))
    left = []

    def run(windows):
        left.append(len(numbers))
        return np.zeros((len(windows), 1))

    best_scores(iter(lambda: str(numbers.pop()) if numbers else "", ""), Letters(), run, width=1, threads=1)
    assert left == [7, 4, 1, 0]


def test_a_score_that_is_no_number_is_not_lost_in_the_maximum():
    found = best_scores(["a|b"], Letters(), lambda w: np.full((len(w), 1), np.nan), width=1, threads=1)
    assert np.isnan(found).all()


def test_spread_works_on_several_threads_at_once():
    both = threading.Barrier(2, timeout=30)

    def meet(_):
        both.wait()

    spread(meet, [1, 2], threads=2)


def test_spread_raises_what_a_thread_raised_and_starts_nothing_more():
    done = []

    def work(item):
        if item == 2:
            raise KeyError(item)
        done.append(item)

    with pytest.raises(KeyError):
        spread(work, range(1000), threads=2)
    assert len(done) < 1000
