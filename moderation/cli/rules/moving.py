"""`moderation rules suggest --from-perspective`: thresholds moved from Perspective."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from moderation.cli.common import print_json
from moderation.cli.display.moving import render_moves
from moderation.cli.display.progress import progress_bars
from moderation.cli.display.suggestion import yaml_lines
from moderation.comment_files.perspective import PerspectiveFile
from moderation.domain import ATTRIBUTES
from moderation.errors import RulesError
from moderation.perspective_names import ATTRIBUTE_OF
from moderation.pipeline import Pipeline
from moderation.reports.moving.report import MovingQuery, move_thresholds
from moderation.rules import Ruleset


def move_from_perspective(
    path: Path, wanted: MovingQuery, ruleset: Ruleset, *, text: str | None, as_json: bool
) -> None:
    """Print what thresholds a file of Perspective's scores speaks for; exit code 1 if it speaks for none."""
    if ruleset.config.toxicity is None:
        raise RulesError(
            "the rules say `toxicity: false`, so no comment is scored",
            hint="delete that line, or name other rules",
        )
    file = PerspectiveFile(path, text=text)
    survey = file.survey()
    pipeline = Pipeline.open(ruleset)
    try:
        with progress_bars() as begin:
            report = move_thresholds(file, wanted, survey, pipeline, begin)
    finally:
        pipeline.close()
    if as_json:
        lines = yaml_lines(report.levels) if report.levels else None
        print_json({"file": path.name} | report.to_dict() | {"yaml": lines})
    else:
        render_moves(report, path, Console())
    if not report.found:
        raise typer.Exit(1)


def parse_thresholds(given: Sequence[str]) -> dict[str, float]:
    """Read `ATTRIBUTE=VALUE`, the attribute by Perspective's name or by ours, in any case.

    Raises:
        BadParameter: it is none, names no attribute, or the value is no number between 0 and 1.
    """
    found: dict[str, float] = {}
    for one in given:
        name, _, value = one.partition("=")
        attribute = attribute_named(name.strip())
        try:
            score = float(value)
        except ValueError:
            score = -1.0
        if attribute is None or not 0 <= score <= 1:
            raise typer.BadParameter(
                f"{one!r} is no threshold: write ATTRIBUTE=VALUE with a value from 0 to 1, e.g. TOXICITY=0.8"
            )
        found[attribute] = score
    return found


def attribute_named(name: str) -> str | None:
    """Return the attribute of a name, Perspective's or ours; `None` if there is none."""
    return ATTRIBUTE_OF.get(name.upper()) or (name.lower() if name.lower() in ATTRIBUTES else None)
