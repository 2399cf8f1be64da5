"""What `moderation evaluate` does once scikit-learn is there."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from moderation.cli.files.labels import parse_scores, read_labelled
from moderation.errors import InputFileError
from moderation.evaluation.charts import Series
from moderation.evaluation.evaluate import MAIN, TERMS, figures_of, robustness
from moderation.evaluation.evasions import EVASIONS
from moderation.evaluation.labelled import Labelled, truth_of
from moderation.evaluation.metrics import Level, roc_auc
from moderation.evaluation.systems import Scored, frozen, languages_of, score
from moderation.language import LangdetectDetector
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer, open_scorer
from moderation.scoring.folder import Manifest
from moderation.scoring.installed import manifest_of
from moderation.text import NORMALISER_VERSION
from moderation.version import __version__

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
    for labelled, bad in read:
        chosen = by if by is not None else [name for name in default_by if name in labelled.columns]
        systems, found = _measure(
            labelled,
            scorers,
            levels,
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
            }
        )
        series.append(_series(labelled, systems))
    for scorer in scorers.values():
        scorer.close()
    return document, series, manifest_of(models[0])


def _measure(
    labelled: Labelled,
    scorers: Mapping[str, ToxicityScorer],
    levels: Mapping[str, Sequence[Level]],
    *,
    by: Sequence[str],
    identity: str | None,
    robust: bool,
    resamples: int,
    progress: Progress,
) -> tuple[list[Scored], list[dict[str, Any]]]:
    languages = languages_of(labelled, LangdetectDetector(())) if scorers else []
    rounds = 1 + (len(EVASIONS) if robust else 0)
    task = progress.add_task(labelled.name, total=len(labelled.texts) * len(scorers) * rounds)

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


def _check(labelled: Labelled, by: Iterable[str], identity: str | None) -> None:
    wanted = [*by, *([identity] if identity and identity != TERMS else [])]
    for column in wanted:
        if column not in labelled.columns:
            raise InputFileError(
                f"`{labelled.name}` has no column `{column}`",
                hint=f"besides text and labels it has {', '.join(labelled.columns) or 'none'}",
            )


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


def show(document: Mapping[str, Any], console: Console) -> None:
    """Print the figures as tables."""
    for one in document["sets"]:
        bad = f", {one['bad_rows']} rows that could not be used" if one["bad_rows"] else ""
        console.print(f"\n[bold]{one['name']}[/bold]: {one['comments']:,} comments{bad}")
        for system in one["systems"]:
            _show_system(system, console)


def _show_system(system: Mapping[str, Any], console: Console) -> None:
    described = f" ({system['model']}, {system['engine']})" if system["model"] else ""
    console.print(f"\n{system['name']}{described}")
    if system["not_covered"]:
        console.print(
            f"{system['not_covered']:,} comments are in languages that it does not know: in no figure"
        )
    table = _table(
        "attribute", "comments", "with it", "AUC", "95 %", "average precision", "calibration error"
    )
    for attribute, f in system["attributes"].items():
        low_high = f.get("roc_auc_interval")
        table.add_row(
            attribute,
            f"{f['comments']:,}",
            f"{f['positives']:,}",
            _shown(f["roc_auc"]),
            f"{low_high[0]:.3f}-{low_high[1]:.3f}" if low_high else "",
            _shown(f["average_precision"]),
            _shown(f["calibration_error"]),
        )
    console.print(table)
    _show_thresholds(system, console)
    for column, values in system["by"].items():
        table = _table(column, "comments", "toxic", "AUC", "average precision", "false positives at hold")
        for value, f in values.items():
            table.add_row(
                value or "(nothing)",
                f"{f['comments']:,}",
                f"{f['positives']:,}",
                _shown(f["roc_auc"]),
                _shown(f["average_precision"]),
                next(
                    (_percent(t["false_positive_rate"]) for t in f["thresholds"] if t["action"] == "hold"), ""
                ),
            )
        console.print(table)
    if system["bias"]:
        _show_bias(system["bias"], console)
    if system["robustness"]:
        table = _table("evasion", "AUC", "drop")
        for evasion, f in system["robustness"].items():
            table.add_row(evasion, _shown(f["roc_auc"]), _shown(f["drop"]))
        console.print(table)


def _show_thresholds(system: Mapping[str, Any], console: Console) -> None:
    table = _table("attribute", "action", "from", "precision", "recall", "false positives")
    for attribute, f in system["attributes"].items():
        for level in f["thresholds"]:
            table.add_row(
                attribute,
                level["action"],
                f"{level['threshold']:g}",
                *(_percent(level[name]) for name in ("precision", "recall", "false_positive_rate")),
            )
    if table.row_count:
        console.print(table)


def _show_bias(found: Mapping[str, Any], console: Console) -> None:
    table = _table("group", "comments", "subgroup AUC", "BPSN AUC", "BNSP AUC")
    for group, f in found["groups"].items():
        table.add_row(
            group,
            f"{f['comments']:,}",
            *(_shown(f[name]) for name in ("subgroup_auc", "bpsn_auc", "bnsp_auc")),
        )
    means = found["power_mean"]
    table.add_row(
        "power mean", "", *(_shown(means[name]) for name in ("subgroup_auc", "bpsn_auc", "bnsp_auc"))
    )
    table.add_row(
        "all that name one", f"{found['named']['comments']:,}", _shown(found["named"]["roc_auc"]), "", ""
    )
    console.print(table)


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
