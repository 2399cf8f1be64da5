"""`moderation rules undo`: take back what one rule did."""

from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import JsonOption, counted, print_json
from moderation.cli.display.undone import render_undone
from moderation.cli.rules.options import ByOption, YesOption, confirm, who_acts
from moderation.cli.times import parse_moment
from moderation.rollout.undo import preview_undo, undo_rule
from moderation.rollout.undone import UndoRequest
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption


def undo(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Name of a rule; a built-in one's too.")],
    *,
    begin: Annotated[
        str, typer.Option("--from", metavar="TIME", help='From when on: 2026-11-25T09:30, "2h ago", 7d.')
    ],
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="Until when, exclusive.")] = "now",
    by: ByOption = None,
    yes: YesOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be reversed; store nothing.")
    ] = False,
    show: Annotated[int, typer.Option(min=0, help="How many of the comments are shown.")] = 10,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reverse what a rule alone did in a stretch of time.

    Shows it first, and asks. Then the comments are decided again without the rule, from the record and by the
    ruleset of their time: each gets a newer decision, with your name, and enters or leaves the queue. Nothing is
    deleted. A comment that a moderator has decided stays as it is, and so does one that other rules decide the
    same way. A second run finds nothing. The rule itself stays: change or retire it in rules.yaml.

    Times without a zone are UTC. Exit code 0: done, or nothing to do; 1: the answer was no.

        moderation rules undo many-links --from "2h ago" --dry-run

        moderation rules undo many-links --from 2026-11-25T09:30 --to 2026-11-25T11:00 --by kim --yes
    """
    if as_json and not (yes or dry_run):
        raise typer.BadParameter("with --json nothing is asked: add --yes or --dry-run")
    wanted = UndoRequest(rule, parse_moment(begin), parse_moment(end))
    if wanted.begin >= wanted.end:
        raise typer.BadParameter("--from must be before --to")
    console = Console()
    with open_store(database) as store:
        if dry_run or not yes:
            found = preview_undo(store, wanted, show=show)
            if not as_json:
                render_undone(found, console)
            if not dry_run and (count := found.reversed.total()):
                confirm(f"Reverse {counted(count, 'decision')}?", yes=False)
                render_undone(undo_rule(store, wanted, by=who_acts(by), show=0), console)
        else:
            found = undo_rule(store, wanted, by=who_acts(by), show=show)
            if not as_json:
                render_undone(found, console)
    if as_json:
        print_json(found.to_dict())
