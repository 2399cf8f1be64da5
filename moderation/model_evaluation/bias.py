"""Whether a model scores comments higher because they name a group.

The metrics of Borkan et al. 2019 (https://arxiv.org/abs/1903.04561), as in Jigsaw's competition on unintended bias.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from moderation.model_evaluation.labelled import Numbers
from moderation.model_evaluation.metrics import Truth, roc_auc

POWER = -5
"""Of the mean over groups: the more negative, the more the worst group counts."""

FEWEST = 10
"""Comments that a group needs to count in the power means: one odd comment is no bias."""

TERMS: Final = (
    "african",
    "american",
    "asian",
    "atheist",
    "bisexual",
    "black",
    "blind",
    "buddhist",
    "canadian",
    "catholic",
    "chinese",
    "christian",
    "deaf",
    "disabled",
    "elderly",
    "european",
    "female",
    "gay",
    "hispanic",
    "homosexual",
    "indian",
    "japanese",
    "jewish",
    "korean",
    "latino",
    "lesbian",
    "lgbt",
    "male",
    "mexican",
    "millennial",
    "muslim",
    "older",
    "paralyzed",
    "protestant",
    "queer",
    "sikh",
    "straight",
    "taoist",
    "teenage",
    "trans",
    "transgender",
    "white",
    "woman",
    "women",
    "men",
    "man",
    "young",
    "younger",
)
"""Words that name groups: those of Jigsaw's bias templates (https://github.com/conversationai/unintended-ml-bias-analysis)."""

_TERM = re.compile(rf"\b({'|'.join(TERMS)})s?\b", re.IGNORECASE)


def named_group(text: str) -> str:
    """Return the first group that a text names by one of `TERMS`, or nothing."""
    found = _TERM.search(text)
    return found[1].lower() if found else ""


def bias(truth: Truth, scores: Numbers, groups: Sequence[str]) -> dict[str, Any]:
    """Return subgroup, BPSN and BNSP AUC for each group, and their power means over groups of `FEWEST` and more.

    Subgroup: within the comments that name the group. BPSN (background positive, subgroup negative): low if
    harmless comments that name the group score too high. BNSP: low if toxic ones that name it score too low.

    Args:
        truth: which comments are toxic.
        scores: their scores.
        groups: which group each comment names; empty for none.
    """
    named = np.array(groups)
    rows: dict[str, dict[str, Any]] = {}
    for group in sorted(set(groups) - {""}):
        inside = named == group
        cases = {
            "subgroup_auc": inside,
            "bpsn_auc": (inside & ~truth) | (~inside & truth),
            "bnsp_auc": (inside & truth) | (~inside & ~truth),
        }
        rows[group] = {"comments": int(inside.sum())} | {
            name: roc_auc(truth[chosen], scores[chosen]) for name, chosen in cases.items()
        }
    means = {
        name: power_mean(
            [row[name] for row in rows.values() if row["comments"] >= FEWEST and row[name] is not None]
        )
        for name in ("subgroup_auc", "bpsn_auc", "bnsp_auc")
    }
    return {"groups": rows, "power_mean": means, "named": _named(truth, scores, named)}


def power_mean(values: Sequence[float]) -> float | None:
    """Generalised mean with p = -5; `None` of nothing."""
    if not values:
        return None
    return 0.0 if min(values) == 0 else float(np.mean(np.power(values, float(POWER))) ** (1 / POWER))


def _named(truth: Truth, scores: Numbers, named: Any) -> dict[str, Any]:  # noqa: ANN401 - an array of text
    inside = named != ""
    return {"comments": int(inside.sum()), "roc_auc": roc_auc(truth[inside], scores[inside])}
