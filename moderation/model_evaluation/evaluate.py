"""Every figure of every system on one set of labelled comments."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from moderation.model_evaluation.bias import bias, named_group
from moderation.model_evaluation.evasions import EVASIONS, evade
from moderation.model_evaluation.labelled import Labelled, Numbers, truth_of
from moderation.model_evaluation.metrics import Level, measure, roc_auc
from moderation.model_evaluation.systems import Advance, SystemScores, score
from moderation.scoring import ToxicityScorer

MAIN = "toxicity"
"""The attribute that breakdowns, bias and robustness are about."""

TERMS = "terms"
"""In place of a column of groups: those that the texts name by a list of terms."""

MAX_EVADED = 2000
"""Comments that are scored again under each evasion; of more, so many are drawn, by seed."""

MAX_VALUES = 50
"""Values of a column that are shown, the most frequent ones."""


def figures_of(
    labelled: Labelled,
    scored: SystemScores,
    levels: Mapping[str, Sequence[Level]],
    *,
    by: Sequence[str],
    identity: str | None,
    resamples: int,
) -> dict[str, Any]:
    """Return the figures of one system.

    Args:
        labelled: the comments.
        scored: the system's scores of them.
        levels: the ruleset's thresholds by attribute.
        by: columns to break toxicity down by.
        identity: the column that names a group, or `TERMS`, or nothing.
        resamples: of the bootstrap.
    """
    found: dict[str, Any] = {
        "name": scored.name,
        "model": scored.identity,
        "engine": scored.engine,
        "not_covered": scored.not_covered,
        "attributes": {},
        "by": {},
    }
    for attribute, labels in labelled.labels.items():
        if (numbers := scored.scores.get(attribute)) is not None:
            chosen, truth = _rows(labels, numbers)
            found["attributes"][attribute] = measure(
                truth[chosen], numbers[chosen], levels.get(attribute, ()), resamples=resamples
            )
    if MAIN in labelled.labels and MAIN in scored.scores:
        chosen, truth = _rows(labelled.labels[MAIN], scored.scores[MAIN])
        numbers = scored.scores[MAIN]
        for column in by:
            found["by"][column] = _broken_down(
                truth, numbers, chosen, labelled.columns[column], levels.get(MAIN, ())
            )
        if identity:
            groups = _groups(labelled, identity)
            kept = [group for group, is_kept in zip(groups, chosen, strict=True) if is_kept]
            found["bias"] = bias(truth[chosen], numbers[chosen], kept)
    return found


def robustness(
    labelled: Labelled,
    scorer: ToxicityScorer,
    plain: SystemScores,
    languages: Sequence[str | None],
    progress: Advance,
) -> dict[str, dict[str, float | None]]:
    """Return the AUC of toxicity under each evasion, and how much lower it is than without."""
    every = range(len(labelled.texts))
    rows = random.Random(0).sample(every, min(MAX_EVADED, len(every)))  # noqa: S311 - repeatable, not secret
    labels, told = labelled.labels[MAIN][rows], [languages[row] for row in rows]
    before = _auc(labels, plain.scores[MAIN][rows])
    found: dict[str, dict[str, float | None]] = {}
    for evasion in EVASIONS:
        hidden = [evade(labelled.texts[row], evasion) for row in rows]
        auc = _auc(labels, score(scorer, plain.name, hidden, told, progress).scores[MAIN])
        drop = None if before is None or auc is None else before - auc
        found[evasion] = {"comments": len(rows), "roc_auc": auc, "drop": drop}
    return found


def _rows(labels: Numbers, numbers: Numbers) -> tuple[Any, Any]:
    known, truth = truth_of(labels)
    return known & ~np.isnan(numbers), truth


def _auc(labels: Numbers, numbers: Numbers) -> float | None:
    chosen, truth = _rows(labels, numbers)
    return roc_auc(truth[chosen], numbers[chosen])


def _groups(labelled: Labelled, identity: str) -> list[str]:
    return [named_group(text) for text in labelled.texts] if identity == TERMS else labelled.columns[identity]


def _broken_down(
    truth: Any,  # noqa: ANN401 - arrays
    numbers: Numbers,
    chosen: Any,  # noqa: ANN401
    values: Sequence[str],
    levels: Sequence[Level],
) -> dict[str, dict[str, Any]]:
    column = np.array(values)
    names, counts = np.unique(column[chosen], return_counts=True)
    frequent = sorted(zip(counts.tolist(), names.tolist(), strict=True), key=lambda one: (-one[0], one[1]))
    rows = {}
    for _, name in frequent[:MAX_VALUES]:
        inside = chosen & (column == name)
        rows[name] = measure(truth[inside], numbers[inside], levels, resamples=0)
    return rows
