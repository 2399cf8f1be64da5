"""The figures of `moderation evaluate` as tables on a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table


def show(document: Mapping[str, Any], console: Console) -> None:
    """Print the figures as tables."""
    for one in document["sets"]:
        bad = f", {one['bad_rows']} rows that could not be used" if one["bad_rows"] else ""
        console.print(f"\n[bold]{one['name']}[/bold]: {one['comments']:,} comments{bad}")
        for system in one["systems"]:
            _show_system(system, console)
        for column, rows in (one["decisions"] or {}).items():
            _show_decisions(column, rows, console)
        if one["through"]:
            _show_through(one["through"], console)


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
        low_high = f["roc_auc_interval"]
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
    if any(f["roc_auc"] is None for f in system["attributes"].values()):
        console.print("No AUC without comments of both kinds: with the attribute, and without it")
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
        table = _table("evasion", "comments", "AUC", "drop")
        for evasion, f in system["robustness"].items():
            table.add_row(evasion, f"{f['comments']:,}", _shown(f["roc_auc"]), _shown(f["drop"]))
        console.print(table)


def _show_decisions(column: str, rows: Mapping[str, Any], console: Console) -> None:
    table = _table(
        column,
        *("toxic", "held or rejected", "flagged", "approved"),
        *("harmless", "held or rejected", "flagged", "rejected"),
    )
    for value, row in rows.items():
        toxic, harmless = row["toxic"], row["harmless"]
        table.add_row(
            value or "all",
            f"{toxic['comments']:,}",
            *(_percent(toxic[name]) for name in ("held_or_rejected", "flag", "approve")),
            f"{harmless['comments']:,}",
            *(_percent(harmless[name]) for name in ("held_or_rejected", "flag", "reject")),
        )
    console.print("\nWhat the ruleset does, every check and rule:")
    console.print(table)


def _show_through(found: Mapping[str, Any], console: Console) -> None:
    console.print(
        f"ROC AUC of toxicity through every check: {_shown(found['roc_auc'])};"
        f" {found['not_scored']:,} comments reached no model, and count as the least toxic"
    )


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
    table.add_column(first, no_wrap=True)  # narrow terminals break the headings instead
    for name in others:
        table.add_column(name, justify="right", overflow="fold")
    return table


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
