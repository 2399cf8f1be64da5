"""`moderation rules apply`: check, test, show what would change, and make a ruleset live."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.backtest import Question, diff_stored
from moderation.cli.common import open_store_or_new
from moderation.cli.display.brief import render_brief
from moderation.cli.display.trials import render_test_report
from moderation.cli.rules.naming import ruleset_named
from moderation.cli.rules.options import ByOption, MessageOption, YesOption, confirm, who_acts
from moderation.errors import RulesError
from moderation.pipeline import Pipeline
from moderation.rollout import make_live, rule_changes
from moderation.rollout.wording import changes_in_words, short_hash
from moderation.rule_tests import run_cases, run_examples
from moderation.rule_tests.cases import CASES_FILE, Cases
from moderation.rules import Ruleset, check_rules, render
from moderation.settings import settings
from moderation.store import RulesetChange, Store, latest_ruleset, live_change
from moderation.terminal import DatabaseOption

_COMPARED = 10_000
"""Stored comments that are replayed: the latest ones, in about a second."""


def apply(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The ruleset; $MODERATION_RULES or ./rules.yaml if not given."),
    ] = None,
    *,
    database: DatabaseOption = None,
    by: ByOption = None,
    message: MessageOption = "",
    yes: YesOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do all but make it live; nothing is asked.")
    ] = False,
) -> None:
    """Make a ruleset live in every process that uses the database, within 2 seconds and without a restart.

    Checks it as `rules check` does, tries it on its examples and on cases.yaml, shows what it would change, asks,
    and makes it live. From then on the database's live version decides, and the file is but a draft.
    `rules revert` takes it back.

    Exit code 0: it is live, or would be; 1: it has errors, a test failed, or the answer was no.

        moderation rules apply rules.yaml --message "hold what newcomers link to"
    """
    path = path or settings().rules
    console = Console(soft_wrap=True, highlight=False, markup=False)
    ruleset = _checked(path, console)
    with open_store_or_new(database) as store:
        with store.reading() as session:
            live = live_change(session=session)
        if live and live.ruleset == ruleset.hash:
            console.print(f"{short_hash(ruleset.hash)} is live already")
            return
        _try(path, ruleset)
        console.print(f"\n{changes_in_words(rule_changes(ruleset, store=store))}")
        _compare(ruleset, live, store, console)
        if dry_run:
            console.print(f"{short_hash(ruleset.hash)} was not made live: this was a dry run")
            return
        confirm(f"Make {short_hash(ruleset.hash)} live?", yes=yes)
        after = live.id if live else 0
        made = make_live(ruleset, store=store, by=who_acts(by), message=message, after=after)
    _say(made, live, console)


def _checked(path: Path, console: Console) -> Ruleset:
    """Load the ruleset; show its warnings, and if it has errors nothing else happens."""
    if not path.exists():
        raise RulesError(f"{path} does not exist", hint="`moderation init` makes one")
    ruleset, problems = check_rules(path)
    if problems:
        console.print(render(problems))
    if ruleset is None:
        console.print(f"\n{path} was not made live: correct its errors first")
        raise typer.Exit(1)
    return ruleset


def _try(path: Path, ruleset: Ruleset) -> None:
    """Run the examples and the site's cases; if any fails, nothing else happens."""
    cases = path.with_name(CASES_FILE)
    site = Cases.load(cases) if cases.exists() else None
    pipeline = Pipeline.open(ruleset)
    try:
        report = run_examples(ruleset, pipeline)
        if site:
            report = report.and_(run_cases(site, pipeline))
    finally:
        pipeline.close()
    render_test_report(report, Console())
    if not report.passed:
        typer.echo(f"{path} was not made live: correct what failed first")
        raise typer.Exit(1)


def _compare(ruleset: Ruleset, live: RulesetChange | None, store: Store, console: Console) -> None:
    """Show in brief what would flip; `rules diff` shows it in full."""
    with store.reading() as session:
        before = live.ruleset if live else latest_ruleset(session=session)
    if before is None:
        return
    try:
        old = ruleset_named(before, store)
    except RulesError:
        console.print(f"this release can't read {short_hash(before)}, so nothing is compared with it")
        return
    question = Question(old, ruleset, show=0, examine=False)
    render_brief(diff_stored(store, question, last=_COMPARED), console)


def _say(made: RulesetChange | None, before: RulesetChange | None, console: Console) -> None:
    if made is None:  # somebody applied the very same
        return
    console.print(f"{short_hash(made.ruleset)} is live")
    if before:
        console.print(f"`moderation rules revert {short_hash(before.ruleset)}` takes it back")
