"""`python -m dashboard`: serve the moderators' desk."""

import os
import sys
from typing import Annotated

import typer
import uvicorn

from moderation.cli.display.render import render_error
from moderation.cli.common import DatabaseOption, error_console
from moderation.errors import ModerationError


def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on. Others reach it only behind a proxy with TLS.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0: any free one.")] = 8501,
    database: DatabaseOption = None,
) -> None:
    """Serve the moderators' desk: the queue, figures, rules and history, behind a login.

    Users are added with `moderation users add NAME`. Ctrl-C ends it. See docs/dashboard.md.
    """
    if database is not None:
        os.environ["MODERATION_DATABASE"] = database  # before anything has read the settings
    from dashboard.server import create_app  # noqa: PLC0415 - `--help` shouldn't wait for Streamlit

    uvicorn.run(
        create_app(),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,  # seconds; an open page keeps its web socket for ever
    )


def main() -> None:
    """Run the command; what a user did wrong ends in one message and exit code 2."""
    try:
        typer.run(serve)
    except ModerationError as error:
        render_error(error, error_console())
        sys.exit(2)


if __name__ == "__main__":
    main()
