"""A second opinion on noisy labels: what a character n-gram model says of comments that it was not fitted on.

On Korean, n-grams of Hangul letters (jamo) rank news comments as well as a transformer does, and err elsewhere;
a network that is drawn to both the rater and them learns less of the rater's slips.
"""

import unicodedata
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline

from tools.training.augment import as_read
from tools.training.config import TeacherChoices
from tools.training.data import Comments

_FOLDS = 4
_TRUE = 0.5  # a label from which on it counts as yes


def softened(comments: Comments, choices: TeacherChoices) -> Comments:
    """Return the comments with toxicity drawn by `trust` to the n-grams' score, each row's from the other folds."""
    known = ~np.isnan(comments.labels[:, 0])
    rows = [row for row, source in enumerate(comments.sources) if source in choices.sources and known[row]]
    labels = comments.labels.copy()
    given = labels[rows, 0]
    scores = out_of_fold(
        [as_read(comments.texts[row], comments.languages[row]) for row in rows], given >= _TRUE
    )
    labels[rows, 0] = (1 - choices.trust) * given + choices.trust * scores
    return replace(comments, labels=labels)


def out_of_fold(texts: list[str], truth: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return a score, 0-1, for each text, of a model that was fitted without it."""
    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 5), sublinear_tf=True, min_df=3),
        LogisticRegression(C=8, solver="liblinear"),
    )
    letters = [unicodedata.normalize("NFD", text.lower()) for text in texts]
    found: NDArray[np.float32] = cross_val_predict(model, letters, truth, cv=_FOLDS, method="predict_proba")[
        :, 1
    ]
    return found
