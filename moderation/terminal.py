"""What every program with a terminal shares: which database it works on, and how it says what went wrong."""

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from moderation.errors import ModerationError
from moderation.text.visible import visible

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        "-d",
        help="sqlite:///FILE or postgresql://…  Without it: $MODERATION_DATABASE, else sqlite:///moderation.db.",
        show_default=False,
    ),
]


def error_console() -> Console:
    """Return the console for whatever is not the program's answer."""
    return Console(stderr=True, soft_wrap=True)


def render_error(error: ModerationError, console: Console) -> None:
    """Print an error: its code, what happened and what to do. Lines are not broken: a caret points up."""
    what = Text.assemble((f"error[{error.code}]", "bold red"), ": ", visible(error.what, keep="\n"))
    console.print(what, soft_wrap=True, highlight=False)
    if error.hint:
        hint = Text.assemble(("  hint", "bold cyan"), ": ", visible(error.hint, keep="\n"))
        console.print(hint, soft_wrap=True, highlight=False)
