"""`moderation rules test`: the examples that stand in the rules, and a site's cases."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import JsonOption, print_json
from moderation.cli.display.trials import render_test_report
from moderation.errors import RulesError
from moderation.pipeline import Pipeline
from moderation.rule_tests import TestReport, run_cases, run_examples
from moderation.rule_tests.cases import CASES_FILE, Cases
from moderation.rules import Ruleset
from moderation.settings import settings


def run_tests(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="The ruleset; $MODERATION_RULES or ./rules.yaml if not given."),
    ] = None,
    *,
    cases: Annotated[
        Path | None,
        typer.Option(
            help="The site's cases; cases.yaml beside the ruleset, if it is there.", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Try a ruleset on the examples that its rules give, and on the cases of cases.yaml.

    A rule must fire on each comment under its `match` and on none under its `no_match`. A case says which
    action a comment is to end in, and which rules are to fire. The checks and the model are the real ones,
    but for the scores and the language that an example gives. Nothing is stored.

    Exit code 0: all went as expected; 1: something did not; 2: a file can't be used.

        moderation rules test

        moderation rules test site/rules.yaml --cases site/cases.yaml --json
    """
    path = path or settings().rules
    if not path.exists():
        raise RulesError(f"{path} does not exist", hint="`moderation init` makes one")
    report = _tried(path, cases or path.with_name(CASES_FILE), named=cases is not None)
    if as_json:
        print_json(report.to_dict())
    else:
        render_test_report(report, Console())
    if not report.passed:
        raise typer.Exit(1)


def _tried(path: Path, cases: Path, *, named: bool) -> TestReport:
    ruleset = Ruleset.load(path)
    site = (
        Cases.load(cases) if named or cases.exists() else None
    )  # before the model: it says at once what is wrong
    pipeline = Pipeline.open(ruleset)
    try:
        report = run_examples(ruleset, pipeline)
        return report.and_(run_cases(site, pipeline)) if site else report
    finally:
        pipeline.close()
