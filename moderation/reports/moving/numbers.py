"""Numbers of two systems about the same comments: thresholds that fit, and how well the two agree.

Scores are 0-1, one a comment; a threshold means "this score and all above".
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

ScoreArray: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Fit: TypeAlias = Callable[[NDArray[np.intp]], float | None]
"""Fits a threshold to some of the comments, given by their places; `None` if none fits."""

SEED = 0
_MOST_RESAMPLES, _LEAST_RESAMPLES = 1_000, 200
_DRAWN = 100_000_000  # comments, over all resamples: a minute at most
_LOW, _HIGH = 2.5, 97.5  # percentiles: 95 %
_ROUNDING = 1e-12


def same_flags(theirs: Flags, ours: ScoreArray) -> float | None:
    """Return the score from which on as many comments are flagged as `theirs` flags; the nearest, if scores are equal.

    `None` if theirs flags none.
    """
    wanted = int(theirs.sum())
    if not wanted:
        return None
    place = len(ours) - wanted
    score = float(np.partition(ours, place)[place])
    above = ours[ours > score]
    too_many = int((ours >= score).sum()) - wanted
    if len(above) and wanted - len(above) < too_many:
        return float(above.min())
    return score


def same_precision(theirs: Flags, ours: ScoreArray, rejected: Flags) -> float | None:
    """Return the lowest score from which on as large a share was rejected as of those that `theirs` flags.

    `None` if theirs flags none, or no score reaches that.
    """
    if not theirs.any():
        return None
    wanted = rejected[theirs].mean()
    order = np.argsort(-ours, kind="stable")
    scores, hits = ours[order], np.cumsum(rejected[order])
    last = np.append(scores[1:] < scores[:-1], True)
    shares = hits / np.arange(1, len(scores) + 1)
    reaching = scores[last & (shares >= wanted - _ROUNDING)]
    return float(reaching[-1]) if len(reaching) else None


def bootstrap(fit: Fit, comments: int) -> tuple[tuple[float, float] | None, int]:
    """Return the 95 % interval of a threshold, and of how many resamples it is made.

    Percentiles of the threshold over comments drawn with replacement, seeded. Resamples that no threshold fits are
    left out; if that is more than one in twenty, there is no interval, for it would look too narrow.
    """
    rng = np.random.default_rng(SEED)
    resamples = min(_MOST_RESAMPLES, max(_LEAST_RESAMPLES, _DRAWN // comments))
    found = [fit(rng.integers(0, comments, comments)) for _ in range(resamples)]
    scores = [score for score in found if score is not None]
    if len(scores) * 20 < resamples * 19:
        return None, resamples
    low, high = np.percentile(scores, (_LOW, _HIGH))
    return (float(low), float(high)), resamples


def rank_correlation(theirs: ScoreArray, ours: ScoreArray) -> float | None:
    """Return Spearman's rho, -1 to 1: Pearson's correlation of the ranks, equal scores sharing theirs.

    `None` if all scores of one system are the same.
    """
    first, second = _ranks(theirs), _ranks(ours)
    spread = first.std() * second.std()
    if not spread:
        return None
    return float(((first - first.mean()) * (second - second.mean())).mean() / spread)


def _ranks(scores: ScoreArray) -> ScoreArray:
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    shared: ScoreArray = (ends - (counts - 1) / 2)[places]
    return shared
