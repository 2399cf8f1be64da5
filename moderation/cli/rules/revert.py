"""`moderation rules revert`: an earlier ruleset decides again."""

from typing import Annotated

import typer

from moderation.cli.rules.options import ByOption, MessageOption, who_acts
from moderation.rollout import revert_to
from moderation.rollout.wording import changes_in_words, short_hash
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption


def revert(
    ruleset: Annotated[
        str,
        typer.Argument(metavar="HASH", help="The ruleset to go back to; the beginning of its hash will do."),
    ],
    *,
    database: DatabaseOption = None,
    by: ByOption = None,
    message: MessageOption = "",
) -> None:
    """Let an earlier ruleset decide again, in every process within 2 seconds.

    The log only grows: going back is an entry of its own, and can be taken back in the same way. Comments that
    were decided meanwhile stay as they are; `moderation rules undo` reverses what one rule did.

        moderation rules revert 1a2b3c4d5e6f --message "too many false alarms"
    """
    with open_store(database) as store:
        made = revert_to(ruleset, store=store, by=who_acts(by), message=message)
    if made is None:
        typer.echo(f"{ruleset} is live already")
    else:
        typer.echo(f"{short_hash(made.ruleset)} is live again: {changes_in_words(made.rules)}")
