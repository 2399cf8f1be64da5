"""`moderation check`: decide texts and store nothing."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import DecidingRulesOption, JsonOption, print_json
from moderation.cli.display.render import render_decision
from moderation.comment_files.columns import parse_age
from moderation.domain import Author, Comment
from moderation.errors import StoreError
from moderation.moderator import Moderator
from moderation.public_form import decision_to_dict
from moderation.rollout import open_rules
from moderation.rollout.defaults import given_rules
from moderation.store import Store
from moderation.store.opening import database_url, open_store
from moderation.terminal import DatabaseOption, error_console


def check(
    texts: Annotated[
        list[str], typer.Argument(metavar="TEXT…", help="What an author might write; `-` reads lines.")
    ],
    *,
    rules: DecidingRulesOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
    author_age: Annotated[
        str | None,
        typer.Option(metavar="AGE", help='How old the author\'s account is: "2 hours", "3 days", seconds.'),
    ] = None,
    locale: Annotated[
        str | None, typer.Option(help="Language of the sentences for the author: en, ko.")
    ] = None,
) -> None:
    """Decide texts by the ruleset that is live, or by another one, and store nothing.

    Shows the action, every reason with what it is about marked in the text, the language and the
    scores. Exit code 0: all would be published; 1: at least one would not.

    With --json, one TEXT gives one object; several, or `-`, give a list of objects, in order.

        moderation check "You are an idiot"

        moderation check --json --author-age "2 hours" - < comments.txt
    """
    author = Author(id="", account_age=parse_age(author_age)) if author_age else None
    comments = [Comment(text, author=author, locale=locale) for text in _expand(texts)]
    with ExitStack() as stack:
        store = _open_store_if_there(database)
        if store:
            stack.enter_context(store)
        # The moderator gets no store, so repetition is not checked: who tries a text twice has not posted it twice.
        moderator = stack.enter_context(Moderator(open_rules(given_rules(rules), store=store, follow=False)))
        decisions = [moderator.check(comment) for comment in comments]
    if as_json:
        documents = [decision_to_dict(decision) for decision in decisions]
        print_json(documents[0] if len(texts) == 1 and texts != ["-"] else documents)
    else:
        console = Console()
        for comment, decision in zip(comments, decisions, strict=True):
            render_decision(decision, comment.text, console)
    if not all(decision.published for decision in decisions):
        raise typer.Exit(1)


def _expand(texts: list[str]) -> list[str]:
    if texts != ["-"]:
        return texts
    # Read as bytes: in a text stream, one byte that is no UTF-8 would end the command. Here it becomes a surrogate.
    return [line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in sys.stdin.buffer]


def _open_store_if_there(given: str | None) -> Store | None:
    """Open the database for a command that can do without: one that nobody named need not be there."""
    url = database_url(given)
    file = url.removeprefix("sqlite:///")
    if given is None and file != url and not Path(file).exists():
        return None
    try:
        return open_store(given)
    except StoreError as error:
        if given is not None:
            raise
        note = f"the database can't say which rules are live, so the file decides: {error.what}"
        error_console().print(note, markup=False, highlight=False)
        return None
