"""What `moderation evaluate` does once scikit-learn is there."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.progress import Progress

from moderation.errors import InputFileError
from moderation.language import LangdetectDetector, LanguageDetector
from moderation.model_evaluation.charts import Series
from moderation.model_evaluation.decisions import decide, shares, through
from moderation.model_evaluation.evaluate import MAIN, MAX_EVADED, TERMS, figures_of, robustness
from moderation.model_evaluation.evasions import EVASIONS
from moderation.model_evaluation.labelled import Labelled, truth_of
from moderation.model_evaluation.labels import parse_scores, read_labelled
from moderation.model_evaluation.metrics import Level, roc_auc
from moderation.model_evaluation.systems import Scored, frozen, languages_of, score
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer, open_scorer
from moderation.scoring.folder import Manifest
from moderation.scoring.installed import manifest_of
from moderation.text import NORMALISER_VERSION
from moderation.version import __version__

_LANGUAGE, _KIND = ("lang", "language"), ("kind", "functionality")  # columns, the first that is there

AllSeries = list[dict[str, list[Series]]]


def run(
    files: Sequence[Path],
    *,
    models: Sequence[str],
    scores: Sequence[str],
    by: Sequence[str] | None,
    default_by: Sequence[str],
    identity: str | None,
    robust: bool,
    decided: bool,
    resamples: int,
    text: str,
    limit: int | None,
    ruleset: Ruleset,
    command: str,
    progress: Progress,
) -> tuple[dict[str, Any], AllSeries, Manifest | None]:
    """Measure; return the document, what the charts need, and the first model's manifest if it has one."""
    columns = parse_scores(scores)
    read = [read_labelled(file, text=text, scores=columns, limit=limit) for file in files]
    for labelled, _ in read:
        _check(labelled, by or (), identity)
    scorers = {name: open_scorer(name) for name in models}
    document: dict[str, Any] = {
        "format": 1,
        "program": __version__,
        "command": command,
        "ruleset": ruleset.hash,
        "normaliser": NORMALISER_VERSION,
        "sets": [],
    }
    series: AllSeries = []
    levels = _levels(ruleset)
    pipeline = _pipeline(ruleset, scorers) if decided else None
    for labelled, bad in read:
        chosen = by if by is not None else [name for name in default_by if name in labelled.columns]
        systems, found = _measure(
            labelled,
            scorers,
            levels,
            detector=_detector(ruleset),
            by=chosen,
            identity=identity,
            robust=robust,
            resamples=resamples,
            progress=progress,
        )
        document["sets"].append(
            {
                "name": labelled.name,
                "sha256": labelled.sha256,
                "comments": len(labelled.texts),
                "bad_rows": bad,
                "systems": found,
                **_decisions(labelled, pipeline, progress),
            }
        )
        series.append(_series(labelled, systems))
    for scorer in scorers.values():
        scorer.close()
    if pipeline:
        pipeline.close()
    return document, series, manifest_of(models[0])


def _measure(
    labelled: Labelled,
    scorers: Mapping[str, ToxicityScorer],
    levels: Mapping[str, Sequence[Level]],
    *,
    detector: LanguageDetector,
    by: Sequence[str],
    identity: str | None,
    robust: bool,
    resamples: int,
    progress: Progress,
) -> tuple[list[Scored], list[dict[str, Any]]]:
    languages = languages_of(labelled, detector) if scorers else []
    evaded = len(EVASIONS) * min(MAX_EVADED, len(labelled.texts)) if robust else 0
    task = progress.add_task(labelled.name, total=(len(labelled.texts) + evaded) * len(scorers))

    def advance(count: int) -> None:
        progress.update(task, advance=count)

    systems = [score(scorer, name, labelled.texts, languages, advance) for name, scorer in scorers.items()]
    everything = [*systems, *frozen(labelled)]
    found = [
        figures_of(labelled, one, levels, by=by, identity=identity, resamples=resamples) for one in everything
    ]
    if robust and MAIN in labelled.labels:
        for scorer, one, figures in zip(scorers.values(), systems, found, strict=False):
            figures["robustness"] = robustness(labelled, scorer, one, languages, advance)
    return everything, [{"bias": None, "robustness": None, **figures} for figures in found]


def _pipeline(ruleset: Ruleset, scorers: Mapping[str, ToxicityScorer]) -> Pipeline:
    toxicity = ruleset.config.toxicity
    same = toxicity is not None and toxicity.engine == "auto"  # as the models beside it are opened
    return Pipeline.open(ruleset, scorer=scorers.get(toxicity.model) if toxicity and same else None)


def _decisions(labelled: Labelled, pipeline: Pipeline | None, progress: Progress) -> dict[str, Any]:
    if pipeline is None or MAIN not in labelled.labels:
        return {"decisions": None, "through": None}
    task = progress.add_task(f"{labelled.name}, decisions", total=len(labelled.texts))
    actions, scores = decide(labelled.texts, pipeline, lambda count: progress.update(task, advance=count))
    languages = next((labelled.columns[name] for name in _LANGUAGE if name in labelled.columns), None)
    kinds = next((labelled.columns[name] for name in _KIND if name in labelled.columns), None)
    nothing = [""] * len(actions)
    found = {"language": shares(actions, labelled.labels[MAIN], languages or nothing)}
    if kinds:
        named = [f"{one} {kind}".strip() for one, kind in zip(languages or nothing, kinds, strict=True)]
        found["kind"] = shares(actions, labelled.labels[MAIN], named)
    return {"decisions": found, "through": through(scores, labelled.labels[MAIN])}


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


def _series(labelled: Labelled, systems: Sequence[Scored]) -> dict[str, list[Series]]:
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
