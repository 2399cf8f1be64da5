"""What is measured of scores against labels, with scikit-learn."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from moderation.model_evaluation.labelled import Numbers

Truth: TypeAlias = NDArray[np.bool_]
Figure: TypeAlias = Callable[[Truth, Numbers], float | None]
Level: TypeAlias = tuple[str, float]
"""A threshold of the ruleset: the action, and the score it begins at."""

BINS = 10
SEED = 0
_LOW, _HIGH = 2.5, 97.5  # percentiles: 95 %


def roc_auc(truth: Truth, scores: Numbers) -> float | None:
    """Area under the ROC curve: how likely a positive scores above a negative; `None` if there is one class only."""
    return float(roc_auc_score(truth, scores)) if _both(truth) else None


def average_precision(truth: Truth, scores: Numbers) -> float | None:
    """Area under the precision-recall curve, as a step function; `None` if there is one class only."""
    return float(average_precision_score(truth, scores)) if _both(truth) else None


def calibration_error(truth: Truth, scores: Numbers) -> float | None:
    """Expected calibration error: mean distance of score and share of positives over ten bins of equal width.

    Naeini et al. 2015 (https://ojs.aaai.org/index.php/AAAI/article/view/9602). `None` without comments.
    """
    if not len(scores):
        return None
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    gaps = (abs(float(truth[bins == one].sum()) - float(scores[bins == one].sum())) for one in set(bins))
    return sum(gaps) / len(scores)


def at_threshold(truth: Truth, scores: Numbers, level: Level) -> dict[str, Any]:
    """Precision, recall and false-positive rate of "from this score on"; `None` where there is nothing to divide by."""
    action, threshold = level
    fired = scores >= threshold
    hits = int((fired & truth).sum())
    return {
        "action": action,
        "threshold": threshold,
        "precision": _share(hits, int(fired.sum())),
        "recall": _share(hits, int(truth.sum())),
        "false_positive_rate": _share(int((fired & ~truth).sum()), int((~truth).sum())),
    }


def measure(truth: Truth, scores: Numbers, levels: Sequence[Level], *, resamples: int) -> dict[str, Any]:
    """Return every figure of one attribute.

    Args:
        truth: which comments have it.
        scores: the scores, 0-1, one a comment.
        levels: the ruleset's thresholds.
        resamples: how often the comments are drawn anew for the intervals; 0: no intervals.
    """
    figures: dict[str, Figure] = {
        "roc_auc": roc_auc,
        "average_precision": average_precision,
        "calibration_error": calibration_error,
    }
    found: dict[str, Any] = {"comments": len(truth), "positives": int(truth.sum())}
    for name, figure in figures.items():
        found[name] = figure(truth, scores)
        drawn = resamples if found[name] is not None else 0
        found[f"{name}_interval"] = interval(truth, scores, figure, drawn)
    found["thresholds"] = [at_threshold(truth, scores, level) for level in levels]
    return found


def interval(truth: Truth, scores: Numbers, figure: Figure, resamples: int) -> list[float] | None:
    """Bootstrap 95 % interval: the percentiles of the figure over comments drawn with replacement, seeded.

    `None` if nothing could be drawn that has the figure.
    """
    rng = np.random.default_rng(SEED)
    values = []
    for _ in range(resamples):
        rows = rng.integers(0, len(truth), len(truth))
        value = figure(truth[rows], scores[rows])
        if value is not None:
            values.append(value)
    return [float(bound) for bound in np.percentile(values, (_LOW, _HIGH))] if values else None


def _both(truth: Truth) -> bool:
    return bool(truth.any()) and not bool(truth.all())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
