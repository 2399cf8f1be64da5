"""`moderation replay`: the same decision again."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.backtest.replay import replay_decision
from moderation.cli.common import CommentArgument, JsonOption, SiteOption, find_comment, print_json
from moderation.public_form import decision_to_dict
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption


def replay(
    reference: CommentArgument,
    *,
    database: DatabaseOption = None,
    site: SiteOption = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="What a model's path in the ruleset is relative to. Without it: where rules.yaml lay then.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Decide a stored comment again, by the ruleset of its time, and compare.

    Word lists and included files come from the database; only a model that the ruleset names by its path must
    still lie where it lay, or where --folder says.

    Exit code 0: the same action, rules, language and scores; 1: something differs, and it is listed.
    """
    with open_store(database) as store:
        outcome = replay_decision(find_comment(store, reference, site), store=store, folder=folder)
    if as_json:
        print_json(
            {
                "same": not outcome.differences,
                "differences": outcome.differences,
                "changed_provenance": outcome.changed_provenance,
                "stored": decision_to_dict(outcome.stored),
                "again": decision_to_dict(outcome.again),
            }
        )
    else:
        _print(outcome.differences, outcome.changed_provenance, str(outcome.stored.action))
    if outcome.differences:
        raise typer.Exit(1)


def _print(differences: tuple[str, ...], changed: tuple[str, ...], action: str) -> None:
    console = Console(soft_wrap=True, highlight=False, markup=False)
    if not differences:
        console.print(f"same: {action}, and every score to the last digit")
    for line in differences:
        console.print(f"differs: {line}")
    for line in changed:
        console.print(f"note: {line}")
