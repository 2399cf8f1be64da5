"""`moderation rules check`: every problem of rules.yaml at once."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import JsonOption, print_json
from moderation.errors import RulesError
from moderation.rules import Severity, check_rules, render
from moderation.settings import settings


def check(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="The ruleset; $MODERATION_RULES or ./rules.yaml if not given."),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show every problem of a ruleset at once: where it is, and what to do.

    The word lists that it names are checked with it. Exit code 0: no errors, perhaps warnings; 1: errors;
    2: there is no such file.
    """
    path = path or settings().rules
    if not path.exists():
        raise RulesError(f"{path} does not exist", hint="`moderation init` makes one")
    problems = check_rules(path)
    if as_json:
        print_json([asdict(problem) for problem in problems])
    else:
        console = Console(soft_wrap=True, highlight=False, markup=False)
        console.print(render(problems) if problems else f"{path}: no problems")
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(1)
