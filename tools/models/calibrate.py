"""Fits the curves that make a packed model's scores mean the same in every language, into its manifest.

    python -m tools.models.calibrate FOLDER --data DATA [--report]

Reads the dev rows of each language (those of DATA, see tools/training/README.md, and those written for this), scores
them with the model as it ships, without curves, and fits one for each attribute with enough labels: see
moderation/scoring/calibration.py. Afterwards, and alone with --report, it prints how far a score is from the share of
comments that have the attribute, near 0.5, 0.8 and 0.95.

Few comments of the data name a group, so for identity_attack the sentences of the functional tests (their dev half)
count as much as all other rows. How many of the other half are right at 0.5 is printed too.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from moderation.scoring.calibration import Curve, calibrated
from moderation.scoring.folder import Manifest, ModelFolder, read_manifest, write_manifest
from moderation.scoring.onnx import OnnxScorer
from tools.training.augment import as_read
from tools.training.data import FUNCTIONAL
from tools.training.dev import dev_rows

_ROWS = 4000  # of a language: more change nothing, and take minutes
_FEW = 30  # comments with an attribute, or without, below which nothing is fitted
_TRUE = 0.5
_GROUP, _GROUPS = 25, 40  # comments in a group at least, groups at most
_NEAR = 0.05
_POINTS = (0.5, 0.8, 0.95)
_OF_FUNCTIONAL = "identity_attack"  # what functional tests judge

Numbers = NDArray[np.float64]


def main() -> None:
    """Fit, write, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--report", action="store_true", help="fit nothing; show the curves that are there")
    given = parser.parse_args()
    rows = [*dev_rows(given.data).to_pylist(), *pq.read_table(FUNCTIONAL).to_pylist()]
    folder = ModelFolder(given.folder)
    networks = {
        name: _calibrated_network(network, rows, keep=given.report)
        for name, network in zip(folder.manifest.networks, folder.networks, strict=True)
    }
    first = _calibrated_network(folder, rows, keep=given.report)
    if not given.report:
        whole = read_manifest(given.folder)
        write_manifest(
            given.folder, whole.model_copy(update={"calibration": first.calibration, "networks": networks})
        )


def _calibrated_network(folder: ModelFolder, rows: list[dict[str, Any]], *, keep: bool) -> Manifest:
    scorer = OnnxScorer(folder, threads=2)
    curves = dict(folder.manifest.calibration) if keep else {}
    for language in folder.manifest.languages:
        own = [row for row in rows if row["lang"] == language]
        plain, dev, test = _sample(own), _functional(own, "dev"), _functional(own, "test")
        chosen = plain + dev
        answers = scorer.score([as_read(row["text"], language) for row in chosen + test])
        for attribute in scorer.attributes:
            scores = np.array([answer[attribute] for answer in answers])
            labels = np.array([np.nan if row[attribute] is None else row[attribute] for row in chosen])
            known = ~np.isnan(labels)
            truth = labels[known] >= _TRUE
            weights = _weights(known, len(plain))[known]
            if min(truth.sum(), (~truth).sum()) < _FEW:
                continue
            found = scores[: len(chosen)][known]
            if not keep:
                curves.setdefault(language, {})[attribute] = fit(found, truth, weights)
            curve = curves.get(language, {}).get(attribute, ())
            _show(language, attribute, found, truth, curve)
            if test and attribute == _OF_FUNCTIONAL:
                _show_right(language, scores[len(chosen) :], test, curve)
    return folder.manifest.model_copy(update={"calibration": curves})


def _sample(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    others = [row for row in rows if row["source"] != "functional"]
    return [others[n] for n in np.random.default_rng(0).permutation(len(others))[:_ROWS]]


def _functional(rows: list[dict[str, Any]], split: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["source"] == "functional" and row["split"] == split]


def _weights(known: NDArray[np.bool_], plain: int) -> Numbers:
    """How much each row counts: the rows after the plain ones as much, together, as these."""
    weights = np.ones(len(known))
    others, functional = known[:plain].sum(), known[plain:].sum()
    weights[plain:] = max(1.0, others / functional) if functional else 1.0
    return weights


def fit(scores: Numbers, truth: NDArray[np.bool_], weights: Numbers | None = None) -> Curve:
    """Fit a curve by centred isotonic regression (Oron and Flournoy 2017, https://doi.org/10.1080/19466315.2017.1286256).

    Comments with nearly equal scores are put together first. Isotonic regression then joins groups until the share with
    the attribute rises; each group's mean score and share is a point.
    """
    counts = np.ones(len(scores)) if weights is None else weights
    order = np.argsort(scores, kind="stable")
    groups = np.array_split(order, max(2, len(order) // max(_GROUP, len(order) // _GROUPS)))
    means = np.array([np.average(scores[group], weights=counts[group]) for group in groups])
    sizes = np.array([counts[group].sum() for group in groups])
    hits = np.array([counts[group][truth[group]].sum() for group in groups])
    rates = (hits + 0.5) / (sizes + 1)  # half a comment of each sort more: no group is sure
    levels = IsotonicRegression().fit_transform(means, rates, sample_weight=sizes)
    points = [(0.0, 0.0)]
    for level in np.unique(levels):
        same = levels == level
        x, y = round(float(np.average(means[same], weights=sizes[same])), 6), round(float(level), 6)
        if points[-1][0] < x < 1 and points[-1][1] < y < 1:
            points.append((x, y))
    return tuple(points[1:])


def _show(language: str, attribute: str, scores: Numbers, truth: NDArray[np.bool_], curve: Curve) -> None:
    put = np.array([calibrated(score, curve) for score in scores.tolist()])
    cells = [f"{point}: {near(put, truth, point)}" for point in _POINTS]
    print(
        f"{language} {attribute:16} {len(put):5} {int(truth.sum()):5}  {', '.join(cells)}",
        flush=True,
    )


def _show_right(language: str, scores: Numbers, rows: list[dict[str, Any]], curve: Curve) -> None:
    said = np.array([calibrated(score, curve) for score in scores.tolist()]) >= _TRUE
    truth = np.array([row[_OF_FUNCTIONAL] for row in rows]) >= _TRUE
    print(
        f"{language} functional tests: {(said == truth).mean():.1%} of {len(rows)} right at 0.5;"
        f" of hate {said[truth].mean():.1%}, of the rest {1 - said[~truth].mean():.1%}",
        flush=True,
    )


def near(scores: Numbers, truth: NDArray[np.bool_], point: float) -> str:
    """Say what share of the comments with a score near a point have the attribute, and how many there are."""
    inside = abs(scores - point) <= _NEAR
    return f"{truth[inside].mean():.2f} of {inside.sum()}" if inside.any() else "none"


if __name__ == "__main__":
    main()
