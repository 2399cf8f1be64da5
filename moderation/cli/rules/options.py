"""What the commands that change a running site share."""

import getpass
import os
import sys
from typing import Annotated

import typer

ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help="Who does it; you, if not given.", show_default=False),
]
MessageOption = Annotated[str, typer.Option("--message", "-m", metavar="TEXT", help="Why, for the log.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def who_acts(given: str | None) -> str:
    """Return who does something: who was named, else the user of this machine, by number if it has no name."""
    if given:
        return given
    try:
        return os.environ.get("USER") or getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user has no name; OSError from Python 3.13 on
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown user"


def confirm(question: str, *, yes: bool) -> None:
    """Ask, and end the command with exit code 1 unless the answer is yes.

    Raises:
        BadParameter: there is nobody to ask.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("there is nobody to ask here: add --yes")
    if not typer.confirm(question):
        raise typer.Exit(1)
