"""`moderation rules release`: a rule gets its power to reject back."""

from typing import Annotated

import typer

from moderation.cli.rules.options import ByOption, who_acts
from moderation.rollout import release_rule
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption


def release(
    rule: Annotated[
        str, typer.Argument(metavar="RULE", help="Its name, as `moderation rules log` shows it.")
    ],
    *,
    database: DatabaseOption = None,
    by: ByOption = None,
) -> None:
    """Lift the brake: let a rule reject again that was changed a short while ago and hit too much.

    It counts for this version of the rule: after its next change it is watched again. What the rule held meanwhile
    stays on hold. Of a rule that is not braked yet but watched, it keeps the brake off.

    Exit code 0: the rule may reject; 1: the brake is not on it, nor watches it.
    """
    with open_store(database) as store:
        event = release_rule(rule, store=store, by=who_acts(by))
    if event is None:
        typer.echo(f"nothing to do: the brake is not on {rule}")
        raise typer.Exit(1)
    typer.echo(f"{rule} may reject")
