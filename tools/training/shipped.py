"""What networks that are trained already say of rows: a new one keeps what they know, and caps what nobody labelled.

A network that learns new data forgets some of the old. Where old ones are good, labels are drawn to their scores; the
mean of two that learnt apart ranks better than either (Hinton, Vinyals and Dean 2015, arXiv:1503.02531).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.scoring import EMBEDDED, open_scorer
from tools.training.augment import as_read
from tools.training.config import Capped, TeacherChoices
from tools.training.data import Comments
from tools.training.measure import logits_of
from tools.training.network import opened
from tools.training.teacher import kept_scores

_MAX_TOKENS = 128  # of a comment are read


def drawn(comments: Comments, choices: TeacherChoices, folder: Path) -> Comments:
    """Return the comments with labels drawn by `trust` to others' scores, which also fill what nobody labelled."""
    rows = [row for row, source in enumerate(comments.sources) if source in choices.sources]
    if choices.networks:
        scores = _mean_scores(comments.take(rows), choices.networks, folder)
    else:
        scores = _scores(comments, rows, folder)
    labels = comments.labels.copy()
    given = labels[rows]
    labels[rows] = np.where(np.isnan(given), scores, (1 - choices.trust) * given + choices.trust * scores)
    return replace(comments, labels=labels)


def capped(comments: Comments, choices: Capped, folder: Path) -> Comments:
    """Return the comments with a toxicity where nobody labelled it: a share of the shipped score, up to a limit."""
    rows = [
        row
        for row, source in enumerate(comments.sources)
        if source in choices.sources and np.isnan(comments.labels[row, 0])
    ]
    labels = comments.labels.copy()
    labels[rows, 0] = np.minimum(choices.share * _scores(comments, rows, folder)[:, 0], choices.limit)
    return replace(comments, labels=labels)


def _scores(comments: Comments, rows: list[int], folder: Path) -> NDArray[np.float32]:
    languages = [comments.languages[row] for row in rows]
    texts = [as_read(comments.texts[row], comments.languages[row]) for row in rows]

    def score(texts: Sequence[str]) -> NDArray[np.float32]:
        scorer = open_scorer(EMBEDDED)
        found = scorer.score(texts, languages=languages)
        return np.array([list(row.values()) for row in found], dtype=np.float32).reshape(
            -1, len(scorer.attributes)
        )

    return kept_scores("shipped", texts, folder, score)


def _mean_scores(comments: Comments, networks: Sequence[str], folder: Path) -> NDArray[np.float32]:
    logits = []
    for network in networks:
        found = kept_scores(
            Path(network).name, comments.texts, folder, partial(_logits, Path(network), comments)
        )
        logits.append(found)
    scores: NDArray[np.float32] = 1 / (1 + np.exp(-np.mean(logits, axis=0)))
    return scores


def _logits(network: Path, comments: Comments, texts: Sequence[str]) -> NDArray[np.float32]:
    del texts  # those of the comments
    return logits_of(*opened(network), comments, _MAX_TOKENS)
