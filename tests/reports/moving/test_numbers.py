"""Thresholds that fit another system's, and how two systems agree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.reports.moving.numbers import bootstrap, rank_correlation, same_flags, same_precision
from moderation.reports.suggest import lowest_threshold

SCORE = st.integers(0, 50).map(lambda n: n / 50)
ROWS = st.lists(st.tuples(st.booleans(), SCORE, st.booleans()), min_size=1, max_size=60)


def columns(rows):
    return [np.array(column) for column in zip(*rows, strict=True)]


@given(ROWS)
def test_no_score_flags_a_number_nearer_to_theirs(rows):
    theirs, ours, _ = columns(rows)
    found = same_flags(theirs, ours)
    wanted = theirs.sum()
    assert (found is None) == (wanted == 0)
    if found is not None:
        off = {score: abs(int((ours >= score).sum()) - wanted) for score in ours}
        assert off[found] == min(off.values())


@given(ROWS)
def test_the_lowest_score_that_reaches_their_precision_is_the_one_that_verdicts_would_speak_for(rows):
    theirs, ours, rejected = columns(rows)
    found = same_precision(theirs, ours, rejected)
    if not theirs.any():
        assert found is None
        return
    wanted = rejected[theirs].mean()
    expected = lowest_threshold(zip(ours.tolist(), rejected.tolist(), strict=True), wanted - 1e-12)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert (ours >= found).sum() == expected.precision.whole


def test_the_interval_holds_the_threshold_and_narrows_with_comments():
    rng = np.random.default_rng(7)
    widths = []
    for comments in (200, 5000):
        theirs = rng.random(comments)
        ours = np.clip(theirs + rng.normal(0, 0.1, comments), 0, 1)

        def fit(drawn, theirs=theirs, ours=ours):
            return same_flags(theirs[drawn] >= 0.8, ours[drawn])

        interval, resamples = bootstrap(fit, comments)
        assert interval
        assert interval == bootstrap(fit, comments)[0]  # seeded
        assert interval[0] <= fit(np.arange(comments)) <= interval[1]
        assert resamples == 1000
        widths.append(interval[1] - interval[0])
    assert widths[1] < widths[0] / 3


def test_where_resamples_have_no_threshold_there_is_no_interval():
    assert bootstrap(lambda drawn: 0.5 if drawn[0] > 10 else None, 100)[0] is None


def test_many_comments_are_drawn_less_often():
    assert bootstrap(lambda _: 0.5, 400_000)[1] == 250


@pytest.mark.parametrize(
    ("theirs", "ours", "rho"),
    [
        ([0.1, 0.2, 0.3], [0.2, 0.4, 0.9], 1.0),
        ([0.1, 0.2, 0.3], [0.9, 0.5, 0.1], -1.0),
        ([0.1, 0.2, 0.2, 0.4], [0.3, 0.1, 0.4, 0.4], 0.5),
        ([0.1, 0.2], [0.5, 0.5], None),
    ],
)
def test_rank_correlation_is_spearmans(theirs, ours, rho):
    found = rank_correlation(np.array(theirs), np.array(ours))
    assert found == (None if rho is None else pytest.approx(rho))


@given(st.lists(st.tuples(SCORE, SCORE), min_size=3, max_size=40))
def test_rank_correlation_is_that_of_another_library(rows):
    stats = pytest.importorskip("scipy.stats")
    theirs, ours = columns(rows)
    found = rank_correlation(theirs, ours)
    if found is None:
        assert len(set(theirs)) == 1 or len(set(ours)) == 1
    else:
        assert found == pytest.approx(stats.spearmanr(theirs, ours).statistic)
