"""What a ruleset does with labelled comments: the whole pipeline, every check and rule."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from moderation.domain import Action, Comment
from moderation.model_evaluation.labelled import Labelled, Numbers, truth_of
from moderation.model_evaluation.metrics import roc_auc
from moderation.model_evaluation.systems import Advance, BeginTask
from moderation.pipeline import Pipeline

_CHUNK = 64
_LANGUAGE, _KIND = ("lang", "language"), ("kind", "functionality")  # columns, the first that is there
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)  # rules that look at the clock see the same on every run


def figures_of_decisions(labelled: Labelled, pipeline: Pipeline | None, begin: BeginTask) -> dict[str, Any]:
    """Return what becomes of the comments, by language and kind, and how well the whole pipeline ranks them.

    Both are `None` without a pipeline, or where nobody labelled the toxicity.
    """
    if pipeline is None or "toxicity" not in labelled.labels:
        return {"decisions": None, "through": None}
    toxicity = labelled.labels["toxicity"]
    actions, scores = decide(
        labelled.texts, pipeline, begin(f"{labelled.name}, decisions", len(labelled.texts))
    )
    languages = _column(labelled, _LANGUAGE) or [""] * len(actions)
    found = {"language": action_shares(actions, toxicity, languages)}
    if kinds := _column(labelled, _KIND):
        named = [f"{one} {kind}".strip() for one, kind in zip(languages, kinds, strict=True)]
        found["kind"] = action_shares(actions, toxicity, named)
    return {"decisions": found, "through": through(scores, toxicity)}


def _column(labelled: Labelled, names: Sequence[str]) -> list[str] | None:
    return next((labelled.columns[name] for name in names if name in labelled.columns), None)


def decide(texts: Sequence[str], pipeline: Pipeline, progress: Advance) -> tuple[list[Action], Numbers]:
    """Return the action that each comment gets by itself, with nothing said before it, and its toxicity.

    Toxicity is NaN where nothing scored the comment: in a language that the model doesn't know, say.
    """
    actions: list[Action] = []
    scores: list[float] = []
    for begin in range(0, len(texts), _CHUNK):
        chunk = texts[begin : begin + _CHUNK]
        decisions = pipeline.decide([Comment(text, created_at=_NOON) for text in chunk])
        actions += [decision.action for decision in decisions]
        scores += [decision.scores.get("toxicity", math.nan) for decision in decisions]
        progress(len(chunk))
    return actions, np.array(scores)


def through(scores: Numbers, labels: Numbers) -> dict[str, Any]:
    """Return how well the whole pipeline ranks by toxicity, a comment that nothing scored below all others.

    Beside the model's own figure it says what is lost before a comment reaches the model.
    """
    known, toxic = truth_of(labels)
    missing = np.isnan(scores)
    return {
        "roc_auc": roc_auc(toxic[known], np.where(missing, 0.0, scores)[known]),
        "not_scored": int((missing & known).sum()),
    }


def action_shares(
    actions: Sequence[Action], labels: Numbers, groups: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return for all comments (`""`) and for each group what happens to the toxic and to the harmless ones.

    Args:
        actions: what each comment got.
        labels: toxicity of each, 0-1; NaN where nobody labelled: such a comment counts nowhere.
        groups: of each comment.
    """
    known, toxic = truth_of(labels)
    rows = list(zip(actions, toxic.tolist(), groups, known.tolist(), strict=True))
    counted = [(action, is_toxic, group) for action, is_toxic, group, is_known in rows if is_known]
    found = {"": _row(counted)}
    for group in sorted(set(groups) - {""}):
        found[group] = _row([row for row in counted if row[2] == group])
    return found


def _row(rows: Iterable[tuple[Action, bool, str]]) -> dict[str, Any]:
    counts = Counter((is_toxic, action) for action, is_toxic, _ in rows)
    return {name: _counts(counts, is_toxic) for name, is_toxic in (("toxic", True), ("harmless", False))}


def _counts(counts: Counter[tuple[bool, Action]], is_toxic: bool) -> dict[str, Any]:  # noqa: FBT001 - a label
    each = {action: counts[is_toxic, action] for action in Action}
    total = sum(each.values())
    stopped = each[Action.HOLD] + each[Action.REJECT]
    return {
        "comments": total,
        "held_or_rejected": stopped / total if total else None,
        **{action.value: number / total if total else None for action, number in each.items()},
    }
