"""`moderation rules log`: what was made live, by whom and when, and what the brake did."""

from rich.console import Console

from moderation.cli.common import JsonOption, print_json
from moderation.cli.display.changes import log_to_json, render_log
from moderation.store import brake_events, changes
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption


def log(*, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Show every ruleset that was made live, latest first: when, by whom, which rules it changed, and why.

    Rules that it added are marked +, changed ~, removed -. Rules that the brake stopped, and that somebody
    released, are listed where that happened.
    """
    with open_store(database) as store, store.reading() as session:
        made, brakes = changes(session=session), brake_events(session=session)
    live = made[0].id if made else None
    if as_json:
        print_json(log_to_json(made, brakes, live))
        return
    console = Console(highlight=False, markup=False)
    if made or brakes:
        render_log(made, brakes, live, console)
    if not made:
        console.print(
            "nothing was made live yet: the file decides; `moderation rules apply FILE` changes that"
        )
