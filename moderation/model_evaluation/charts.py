"""Charts of scores against labels, as SVG that stands inside a page."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

from moderation.model_evaluation.drawing import COLOURS, INK, drawing
from moderation.model_evaluation.labelled import Numbers
from moderation.model_evaluation.metrics import BINS, Truth

Series = tuple[str, Truth, Numbers]
"""A system's name, which comments have the attribute, and its scores of them."""


def charts(series: Sequence[Series]) -> list[str]:
    """Draw ROC, precision-recall, calibration, and a histogram by label for each system."""
    drawn = [_chart(title, x, y, series, draw) for title, x, y, draw in _KINDS]
    histograms = [
        _chart(f"{name}: scores by label", "score", "comments", [(name, truth, scores)], _histogram)
        for name, truth, scores in series
    ]
    return drawn + histograms


def _chart(title: str, x: str, y: str, series: Sequence[Series], draw: Any) -> str:  # noqa: ANN401 - a function
    def all_of(axes: Any) -> None:  # noqa: ANN401 - matplotlib's
        for number, (name, truth, scores) in enumerate(series):
            draw(axes, name, truth, scores, COLOURS[number % len(COLOURS)])

    return drawing(title, x, y, all_of)


def _roc(axes: Any, name: str, truth: Truth, scores: Numbers, colour: str) -> None:  # noqa: ANN401 - matplotlib's
    false, true, _ = roc_curve(truth, scores)
    axes.plot(false, true, label=name, color=colour)


def _precision_recall(axes: Any, name: str, truth: Truth, scores: Numbers, colour: str) -> None:  # noqa: ANN401
    precision, recall, _ = precision_recall_curve(truth, scores)
    axes.plot(recall, precision, label=name, color=colour)


def _calibration(axes: Any, name: str, truth: Truth, scores: Numbers, colour: str) -> None:  # noqa: ANN401
    share, mean = calibration_curve(truth, scores, n_bins=BINS)
    axes.plot((0, 1), (0, 1), color=INK, linewidth=0.6)
    axes.plot(mean, share, marker="o", label=name, color=colour)


def _histogram(axes: Any, _: str, truth: Truth, scores: Numbers, __: str) -> None:  # noqa: ANN401
    edges = np.linspace(0, 1, 2 * BINS + 1)
    axes.hist(scores[~truth], edges, alpha=0.6, label="without", color=COLOURS[0])
    axes.hist(scores[truth], edges, alpha=0.6, label="with", color=COLOURS[3])
    axes.set_yscale("symlog")


_KINDS = (
    ("ROC", "false-positive rate", "recall", _roc),
    ("Precision and recall", "recall", "precision", _precision_recall),
    ("Calibration", "mean score", "share of positives", _calibration),
)
