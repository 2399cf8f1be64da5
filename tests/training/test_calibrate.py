"""The curves that make scores mean shares: fitted, and written into the manifest."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from moderation.scoring.calibration import calibrated
from tools.models.calibrate import _weights, fit, near


def test_scores_that_are_too_sure_are_put_right():
    rng = np.random.default_rng(0)
    true = rng.uniform(0.02, 0.98, 4000)
    truth = rng.uniform(size=4000) < true
    odds = true / (1 - true)
    scores = odds**3 / (1 + odds**3)  # three times as sure as it may be
    curve = fit(scores, truth)
    put = np.array([calibrated(score, curve) for score in scores])
    assert abs(put - true).mean() < 0.02


def test_a_curve_rises_also_where_the_data_fall():
    rng = np.random.default_rng(1)
    scores = rng.uniform(size=500)
    truth = rng.uniform(size=500) < np.where(scores > 0.5, 0.9, 0.2 + 0.5 * (scores < 0.1))
    put = [calibrated(score, fit(scores, truth)) for score in np.linspace(0, 1, 101)]
    assert put == sorted(set(put))


def test_few_comments_and_equal_scores_make_a_curve_too():
    truth = np.array([True, False] * 15)
    curve = fit(np.full(30, 0.25), truth)
    assert calibrated(0.25, curve) == pytest.approx(0.5, abs=0.05)


def test_a_row_counts_by_its_weight():
    truth = np.array([True, False] * 15)
    curve = fit(np.full(30, 0.25), truth, np.where(truth, 3.0, 1.0))
    assert calibrated(0.25, curve) == pytest.approx(0.75, abs=0.05)


def test_functional_rows_count_as_much_as_all_others():
    known = np.array([True] * 8 + [False] * 2 + [True] * 2)
    weights = _weights(known, plain=10)
    assert weights[:10].tolist() == [1.0] * 10
    assert weights[10:].tolist() == [4.0, 4.0]


@pytest.mark.parametrize(("point", "expected"), [(0.5, "0.50 of 2"), (0.9, "none")])
def test_the_share_near_a_point_is_counted(point, expected):
    assert near(np.array([0.48, 0.53, 0.2]), np.array([True, False, True]), point) == expected
