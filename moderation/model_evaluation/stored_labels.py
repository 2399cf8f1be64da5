"""Labels of a database, as a set to measure models on."""

import hashlib
import json
import math

import numpy as np

from moderation.domain import ATTRIBUTES
from moderation.errors import InputFileError
from moderation.model_evaluation.labelled import Labelled
from moderation.rules.values.languages import code_in
from moderation.store import Store
from moderation.store.labels import StoredLabel, labels

_NAME = "labels"


def stored_labels(store: Store, *, limit: int | None = None) -> Labelled:
    """Return the labelled texts of a database, each once: of an attribute's labels, the newest counts.

    Args:
        store: the database.
        limit: take no more texts than that, the first that were labelled.

    Raises:
        InputFileError: it has no labels.
        StoreError: it can't be used.
    """
    found: dict[str, StoredLabel] = {}
    scores: dict[str, dict[str, float]] = {}
    with store.reading() as session:
        for label in labels(session=session):
            if label.text in found or limit is None or len(found) < limit:
                found[label.text] = label
                scores.setdefault(label.text, {}).update(label.scores)
    if not found:
        raise InputFileError(
            "the database holds no labels",
            hint="clients send them to the service (`comments:suggestscore`); --database says where to look",
        )
    newest = list(found.values())
    said = {
        name: np.array([scores[text].get(name, math.nan) for text in found], dtype=np.float64)
        for name in ATTRIBUTES
    }
    return Labelled(
        _NAME,
        _hash(newest, scores),
        list(found),
        {name: numbers for name, numbers in said.items() if not np.isnan(numbers).all()},
        {
            "lang": [code_in(label.language) or "" for label in newest],
            "source": [label.source for label in newest],
            "site": [label.site for label in newest],
        },
    )


def _hash(newest: list[StoredLabel], scores: dict[str, dict[str, float]]) -> str:
    """Return what tells two such sets apart, as a file's hash does."""
    said = hashlib.sha256()
    for label in newest:
        said.update(json.dumps([label.text, label.language, scores[label.text]], sort_keys=True).encode())
    return said.hexdigest()
