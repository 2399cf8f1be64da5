"""`moderation rules suggest`: the threshold that moderators' verdicts speak for."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import JsonOption, print_json
from moderation.cli.display.suggestion import render_suggestion, yaml_lines
from moderation.cli.rules.naming import LIVE, ruleset_named
from moderation.domain import ATTRIBUTES, Action
from moderation.reports.suggest import SuggestionQuery, levels_with, suggest_threshold
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption


class _Acts(StrEnum):
    """What a threshold can bring about."""

    FLAG = Action.FLAG.value
    HOLD = Action.HOLD.value
    REJECT = Action.REJECT.value


def suggest(
    *,
    precision: Annotated[
        float,
        typer.Option(
            min=0.01, max=1.0, help="Share of the comments from the threshold on that must deserve it."
        ),
    ],
    attribute: Annotated[str, typer.Option(help=f"What is scored: {', '.join(ATTRIBUTES)}.")] = "toxicity",
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only comments in this language: en, ko.")
    ] = None,
    action: Annotated[_Acts, typer.Option(help="What is to happen from the threshold on.")] = _Acts.REJECT,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the lowest threshold from which on moderators rejected as large a share as you want.

    It rests on the verdicts that stand, approvals and rejections, and on the scores stored with the comments.
    Shows the precision with its 95 % interval (Wilson's), the recall, on how many verdicts that rests, and the
    lines for rules.yaml. Fewer than 100 verdicts say too little, and are refused.

    Verdicts exist only for what a moderator looked at. Below the score from which on comments are queued nothing
    was reviewed: recall is that among the reviewed, and no threshold below it can be judged. Try what you paste
    with `moderation rules diff live rules.yaml`.

    Exit code 0: a threshold was found; 1: there are too few verdicts, or none reaches the precision.

        moderation rules suggest --precision 0.95

        moderation rules suggest --precision 0.9 --attribute insult --language ko --action hold
    """
    if attribute not in ATTRIBUTES:
        raise typer.BadParameter(f"{attribute!r} is no attribute: use {', '.join(ATTRIBUTES)}")
    wanted = SuggestionQuery(attribute, precision, Action(action), language)
    with open_store(database) as store:
        ruleset = ruleset_named(LIVE, store)
        found = suggest_threshold(store, wanted)
    if as_json:
        levels = levels_with(found.threshold.score, wanted, ruleset) if found.threshold else None
        print_json(found.to_dict() | {"yaml": levels and "\n".join(yaml_lines(levels, wanted))})
    else:
        render_suggestion(found, ruleset, Console())
    if not found.threshold:
        raise typer.Exit(1)
