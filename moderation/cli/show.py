"""`moderation show`: one stored comment with its decision."""

from rich.console import Console

from moderation.cli.common import CommentArgument, JsonOption, SiteOption, find_comment, print_json
from moderation.cli.display.render import render_decision
from moderation.public_form import decision_to_dict
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption


def show(
    reference: CommentArgument,
    *,
    database: DatabaseOption = None,
    site: SiteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a stored comment and its decision: why, by which rules, from which scores."""
    with open_store(database) as store:
        stored = find_comment(store, reference, site)
    if as_json:
        print_json(decision_to_dict(stored.decision) | {"text": stored.comment.text})
    else:
        render_decision(stored.decision, stored.comment.text, Console())
