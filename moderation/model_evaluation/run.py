"""One evaluation: labelled files and models in; figures, charts' numbers and the card's model out."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moderation.errors import InputFileError
from moderation.language import LangdetectDetector, LanguageDetector
from moderation.model_evaluation.charts import Series
from moderation.model_evaluation.decisions import figures_of_decisions
from moderation.model_evaluation.evaluate import MAIN, MAX_EVADED, TERMS, figures_of, robustness
from moderation.model_evaluation.evasions import EVASIONS
from moderation.model_evaluation.labelled import Labelled, truth_of
from moderation.model_evaluation.labels import parse_scores, read_labelled, written_evaluation
from moderation.model_evaluation.metrics import Level, roc_auc
from moderation.model_evaluation.systems import (
    BeginTask,
    SystemScores,
    frozen_scores,
    languages_of_comments,
    score,
)
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.scoring import CATALOGUE, ToxicityScorer, open_scorer
from moderation.scoring.catalogue import EMBEDDED
from moderation.scoring.folder import Manifest
from moderation.scoring.installed import manifest_of
from moderation.text import NORMALISER_VERSION
from moderation.version import __version__

_BREAKDOWNS = ("lang", "language", "source", "functionality", "identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRequest:
    """What is to be measured, and how.

    Attributes:
        files: labelled comments; none, and nothing `stored`: those that come with this program.
        stored: labels of a database, measured as one more set; `None`: none.
        models: names or paths; none: the ruleset's.
        scores: columns of other systems' scores, as `parse_scores` reads them.
        by: columns to break toxicity down by; `None`: those of the usual names that are there.
        identity: the column that names a group, or `terms`, or nothing.
        robust: whether to measure again with words hidden.
        decided: whether to run every check and rule as well.
        resamples: of the bootstrap.
        text: the column of the text.
        limit: read no more rows of a file.
        ruleset: its thresholds, languages and rules count.
        command: what was asked, for the record.
    """

    files: Sequence[Path]
    stored: Labelled | None = None
    models: Sequence[str]
    scores: Sequence[str]
    by: Sequence[str] | None
    identity: str | None
    robust: bool
    decided: bool
    resamples: int
    text: str
    limit: int | None
    ruleset: Ruleset
    command: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured.

    Attributes:
        document: every figure, as plain JSON values.
        series: of each set, by attribute, the scores that charts are drawn of.
        manifest: the first model's; `None` of a bare checkpoint.
    """

    document: dict[str, Any]
    series: list[dict[str, list[Series]]]
    manifest: Manifest | None


def evaluate(wanted: EvaluationRequest, begin: BeginTask) -> Evaluation:
    """Measure models and other systems' scores on labelled comments.

    Raises:
        InputFileError: a file can't be read, or lacks a column that is asked for.
        UnknownModelError: there is no such model.
        ModelNotPulledError: the model is known but not on this machine.
    """
    columns = parse_scores(wanted.scores)
    stored = [(wanted.stored, 0)] if wanted.stored else []
    read = [
        read_labelled(file, text=wanted.text, scores=columns, limit=wanted.limit)
        for file in wanted.files or ([] if stored else [written_evaluation()])
    ]
    read += stored
    for labelled, _ in read:
        _check(labelled, wanted.by or (), wanted.identity)
    models = wanted.models or [_model_of(wanted.ruleset)]
    sets, series = [], []
    with ExitStack() as opened:
        scorers: dict[str, ToxicityScorer] = {}
        for name in models:
            scorers[name] = open_scorer(name)
            opened.callback(scorers[name].close)
        pipeline = _pipeline(wanted.ruleset, scorers) if wanted.decided else None
        if pipeline:
            opened.callback(pipeline.close)
        for labelled, bad in read:
            systems, figures = _measure(labelled, scorers, wanted, begin)
            decisions = figures_of_decisions(labelled, pipeline, begin)
            sets.append(_set(labelled, bad) | {"systems": figures} | decisions)
            series.append(_series(labelled, systems))
    return Evaluation(_head(wanted) | {"sets": sets}, series, manifest_of(models[0]))


def _head(wanted: EvaluationRequest) -> dict[str, Any]:
    return {
        "format": 1,
        "program": __version__,
        "command": wanted.command,
        "ruleset": wanted.ruleset.hash,
        "normaliser": NORMALISER_VERSION,
    }


def _set(labelled: Labelled, bad: int) -> dict[str, Any]:
    return {
        "name": labelled.name,
        "sha256": labelled.sha256,
        "comments": len(labelled.texts),
        "bad_rows": bad,
    }


def _measure(
    labelled: Labelled, scorers: Mapping[str, ToxicityScorer], wanted: EvaluationRequest, begin: BeginTask
) -> tuple[list[SystemScores], list[dict[str, Any]]]:
    languages = languages_of_comments(labelled, _detector(wanted.ruleset)) if scorers else []
    evaded = len(EVASIONS) * min(MAX_EVADED, len(labelled.texts)) if wanted.robust else 0
    progress = begin(labelled.name, (len(labelled.texts) + evaded) * len(scorers))
    systems = [score(scorer, name, labelled.texts, languages, progress) for name, scorer in scorers.items()]
    everything = [*systems, *frozen_scores(labelled)]
    levels = _levels(wanted.ruleset)
    by = wanted.by
    if by is None:
        by = [name for name in _BREAKDOWNS if name in labelled.columns]
    found = [
        figures_of(labelled, one, levels, by=by, identity=wanted.identity, resamples=wanted.resamples)
        for one in everything
    ]
    if wanted.robust and MAIN in labelled.labels:
        for scorer, one, figures in zip(scorers.values(), systems, found, strict=False):
            figures["robustness"] = robustness(labelled, scorer, one, languages, progress)
    return everything, [{"bias": None, "robustness": None, **figures} for figures in found]


def _model_of(ruleset: Ruleset) -> str:
    toxicity = ruleset.config.toxicity
    name = toxicity.model if toxicity else EMBEDDED
    return name if name in CATALOGUE else str((ruleset.folder or Path()) / Path(name).expanduser())


def _pipeline(ruleset: Ruleset, scorers: Mapping[str, ToxicityScorer]) -> Pipeline:
    toxicity = ruleset.config.toxicity
    same = toxicity is not None and toxicity.engine == "auto"  # as the models beside it are opened
    return Pipeline.open(ruleset, scorer=scorers.get(toxicity.model) if toxicity and same else None)


def _check(labelled: Labelled, by: Iterable[str], identity: str | None) -> None:
    wanted = [*by, *([identity] if identity and identity != TERMS else [])]
    for column in wanted:
        if column not in labelled.columns:
            raise InputFileError(
                f"`{labelled.name}` has no column `{column}`",
                hint=f"besides text and labels it has {', '.join(labelled.columns) or 'none'}",
            )


def _detector(ruleset: Ruleset) -> LanguageDetector:
    language = ruleset.config.language
    if language is None:
        return LangdetectDetector(())
    return LangdetectDetector(language.expected, language.min_letters, language.min_confidence)


def _levels(ruleset: Ruleset) -> dict[str, list[Level]]:
    toxicity = ruleset.config.toxicity
    thresholds = toxicity.thresholds if toxicity else {}
    return {
        attribute: [(action.value, begin) for action, begin in reversed(levels.strongest_first())]
        for attribute, levels in thresholds.items()
    }


def _series(labelled: Labelled, systems: Sequence[SystemScores]) -> dict[str, list[Series]]:
    found: dict[str, list[Series]] = {}
    for attribute, labels in labelled.labels.items():
        known, truth = truth_of(labels)
        for system in systems:
            numbers = system.scores.get(attribute)
            if numbers is None:
                continue
            chosen = known & (numbers == numbers)  # noqa: PLR0124 - not NaN
            if roc_auc(truth[chosen], numbers[chosen]) is not None:
                found.setdefault(attribute, []).append((system.name, truth[chosen], numbers[chosen]))
    return found
