"""`moderation rules check`: every problem of rules.yaml at once."""

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation import rule_tests
from moderation.cli.common import JsonOption, print_json
from moderation.cli.display.workflow import workflow_command
from moderation.errors import RulesError
from moderation.rules import Problem, Severity, render
from moderation.settings import settings


class Format(StrEnum):
    """How problems are shown."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def check(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="The ruleset; $MODERATION_RULES or ./rules.yaml if not given."),
    ] = None,
    *,
    how: Annotated[
        Format,
        typer.Option(
            "--format", help="`json` for programs; `github` for GitHub Actions, which marks the lines."
        ),
    ] = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show every problem of a ruleset at once: where it is, and what to do.

    The word lists that it names are checked with it. Exit code 0: no errors, perhaps warnings; 1: errors;
    2: there is no such file.

        moderation rules check

        moderation rules check site/rules.yaml --format github
    """
    path = path or settings().rules
    if not path.exists():
        raise RulesError(f"{path} does not exist", hint="`moderation init` makes one")
    problems = rule_tests.check_file(path)
    _show(problems, path, Format.JSON if as_json else how)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(1)


def _show(problems: Sequence[Problem], path: Path, how: Format) -> None:
    console = Console(soft_wrap=True, highlight=False, markup=False)
    match how:
        case Format.JSON:
            print_json([asdict(problem) for problem in problems])
        case Format.GITHUB:
            for problem in problems:
                console.print(workflow_command(problem))
        case Format.TEXT:
            console.print(render(problems) if problems else f"{path}: no problems")
