"""What several commands share: their options, the comment that is meant, and how JSON is printed."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from moderation.errors import CommentNotFoundError, StoreUnreachableError
from moderation.store import Store, StoredComment, get_comment
from moderation.store.opening import database_url, open_store
from moderation.terminal import error_console

DecidingRulesOption = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        "-r",
        help="Decide by this ruleset. Without it: by what was made live in the database (`moderation rules "
        "apply`), else $MODERATION_RULES, else ./rules.yaml, else the one shipped.",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document to standard output, and nothing else there.")
]
SiteOption = Annotated[
    str | None, typer.Option("--site", help="The site, where several have a comment of that id.")
]
CommentArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The number of a stored comment, or your own id of it.")
]


def open_store_or_new(given: str | None) -> Store:
    """Open the database for a command that may be a site's first, and say so if it was not there.

    Raises:
        StoreError: the database can't be used.
    """
    try:
        return open_store(given)
    except StoreUnreachableError:
        if not database_url(given).startswith("sqlite"):
            raise  # a server's databases are made by its own tools
        store = open_store(given, create=True)
        error_console().print(f"{store.label} is new", markup=False, highlight=False, soft_wrap=True)
        return store


def find_comment(store: Store, reference: str, site: str | None) -> StoredComment:
    """Find a comment by its number, else by the comment system's own id.

    Raises:
        CommentNotFoundError: there is none.
    """
    with store.reading() as session:
        found = get_comment(reference, site=site, session=session)
    if found is None:
        raise CommentNotFoundError(
            f"no stored comment has the number or id {reference!r}",
            hint="`moderation export --format csv` lists them; --database says where to look",
        )
    return found


def print_json(document: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print one JSON document; characters that UTF-8 can't carry stay escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(document, indent=2)
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.flush()


def counted(number: int, noun: str) -> str:
    """Write a number with what it counts: `1 comment`, `2,000 comments`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
