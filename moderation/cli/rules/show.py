"""`moderation rules show`: a stored ruleset as it was written."""

import sys
from typing import Annotated

import typer

from moderation.cli.common import JsonOption, print_json
from moderation.store import find_ruleset, load_ruleset
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption
from moderation.text.visible import visible


def show(
    ruleset: Annotated[str, typer.Argument(metavar="HASH", help="The beginning of its hash will do.")],
    *,
    database: DatabaseOption = None,
    files: Annotated[
        bool, typer.Option("--files", help="Also show the word lists and other files that it names.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print a ruleset that decided at some time, exactly as it was written.

    moderation rules show 1a2b3c4d5e6f > rules.yaml
    """
    with open_store(database) as store, store.reading() as session:
        found = find_ruleset(ruleset, session=session)
        source, named = load_ruleset(found, session=session)
    if as_json:
        print_json({"hash": found, "source": source, "files": named})
        return
    sys.stdout.buffer.write(source.encode("utf-8", "backslashreplace"))
    for name, text in named.items() if files else ():
        typer.echo(f"\n--- {visible(name)}\n{visible(text, keep=chr(10))}")
