"""The command line: `moderation --help`. Exit codes: 0 fine, 1 found something, 2 bad input."""

import os
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from moderation.cli import (
    check,
    db,
    evaluate,
    export,
    init,
    keys,
    models,
    replay,
    rules,
    serve,
    show,
    submit,
    users,
    verdict,
)
from moderation.errors import ModerationError
from moderation.logs import write_logs
from moderation.terminal import error_console, render_error
from moderation.version import __version__

app = typer.Typer(
    name="moderation",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog='Start with `moderation init`, then `moderation check "some comment"`.',
)
app.command("check")(check.check)
app.command("submit")(submit.submit)
app.command("show")(show.show)
app.command("replay")(replay.replay)
app.command("export")(export.export)
app.command("evaluate")(evaluate.evaluate)
app.command("init")(init.init)
app.command("verdict")(verdict.verdict)
app.command("serve")(serve.serve)
app.add_typer(rules.app, name="rules")
app.add_typer(models.app, name="models")
app.add_typer(users.app, name="users")
app.add_typer(keys.app, name="keys")
app.add_typer(db.app, name="db")


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"moderation {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Moderate comments: decide them by rules you can read, store them, and look at why."""
    del version  # printed already, if it was wanted
    write_logs()


def main() -> None:
    """Run the command line; what a user did wrong ends in one message and exit code 2."""
    for stream in (sys.stdout, sys.stderr):  # a terminal in another encoding shows an escape, not a traceback
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except ModerationError as error:
        render_error(error, error_console())
        sys.exit(2)
    except BrokenPipeError:  # `moderation export … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
