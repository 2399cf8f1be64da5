"""The figures, against ones worked out by hand, and laws that they keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model_evaluation.bias import bias, named_group, power_mean
from moderation.model_evaluation.metrics import (
    at_threshold,
    average_precision,
    calibration_error,
    measure,
    roc_auc,
)
from tests.support.laws import examples

TRUTH = np.array([True, False, True, False])
SCORES = np.array([0.9, 0.8, 0.4, 0.1])
CASES = st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=1, max_size=40).map(
    lambda rows: (np.array([truth for truth, _ in rows]), np.array([score / 100 for _, score in rows]))
)


def test_figures_are_those_worked_out_by_hand():
    assert roc_auc(TRUTH, SCORES) == pytest.approx(3 / 4)  # of four pairs, one is the wrong way round
    assert average_precision(TRUTH, SCORES) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    # Each score is in a bin of its own: |1-.9|, |0-.8|, |1-.4|, |0-.1|.
    assert calibration_error(TRUTH, SCORES) == pytest.approx((0.1 + 0.8 + 0.6 + 0.1) / 4)
    assert at_threshold(TRUTH, SCORES, ("hold", 0.8)) == {
        "action": "hold",
        "threshold": 0.8,
        "precision": 0.5,
        "recall": 0.5,
        "false_positive_rate": 0.5,
    }


@pytest.mark.parametrize(
    "truth", [np.array([True, True]), np.array([False, False]), np.array([], dtype=bool)]
)
def test_one_class_alone_has_no_curve(truth):
    scores = np.full(len(truth), 0.5)
    found = measure(truth, scores, [("hold", 0.9)], resamples=10)
    assert found["roc_auc"] is None
    assert found["average_precision"] is None
    assert found["roc_auc_interval"] is None
    assert found["thresholds"][0]["precision"] is None


@given(CASES)
def test_turning_scores_and_labels_round_keeps_the_area(case):
    truth, scores = case
    area = roc_auc(truth, scores)
    assert area == (None if area is None else pytest.approx(roc_auc(~truth, 1 - scores)))


@examples(30)
@given(CASES)
def test_an_interval_is_the_same_each_time_and_within_0_and_1(case):
    truth, scores = case
    found = measure(truth, scores, [], resamples=5)
    assert found == measure(truth, scores, [], resamples=5)
    for name, value in found.items():
        if name.endswith("_interval") and value is not None:
            assert all(0 <= bound <= 1 for bound in value)


@given(CASES)
def test_scores_that_are_the_labels_are_calibrated(case):
    truth, _ = case
    assert calibration_error(truth, truth.astype(float)) == 0


def test_bias_is_found_where_a_group_is_scored_high_for_being_named():
    truth = np.array([True, False, True, False] * 5 + [False])
    # 0.7 is harmless, but names the group: it is above 0.6, a toxic comment that does not.
    scores = np.array([0.9, 0.7, 0.6, 0.1] * 5 + [0.05])
    found = bias(truth, scores, ["gay", "gay", "", ""] * 5 + ["rare"])
    assert found["groups"]["gay"] == {
        "comments": 10,
        "subgroup_auc": 1.0,
        "bpsn_auc": 0.0,
        "bnsp_auc": 1.0,
    }
    assert found["groups"]["rare"]["bpsn_auc"] == 1.0
    assert found["power_mean"] == {
        "subgroup_auc": 1.0,
        "bpsn_auc": 0.0,
        "bnsp_auc": 1.0,
    }  # `rare` is too rare
    assert found["named"]["comments"] == 11


def test_a_power_mean_leans_to_the_worst():
    assert power_mean([0.5, 1.0]) == pytest.approx(((0.5**-5 + 1) / 2) ** -0.2)
    assert power_mean([0.7, 0.7]) == pytest.approx(0.7)
    assert power_mean([]) is None


@pytest.mark.parametrize(
    ("text", "group"),
    [
        pytest.param("Two Lesbians won", "lesbian", id="plural"),
        pytest.param("a transcript", "", id="part-of-a-word"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_group_is_named_by_a_whole_word(text, group):
    assert named_group(text) == group
