"""`python -m dashboard`: serve the moderators' desk."""

import os
import sys
from typing import Annotated

import typer
import uvicorn

from moderation.errors import ModerationError
from moderation.logs import write_logs
from moderation.terminal import DatabaseOption, error_console, render_error


def serve(
    *,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Others reach it only behind a proxy with TLS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    database: DatabaseOption = None,
    first_admin: Annotated[
        bool,
        typer.Option(
            "--first-admin", help="If there are no users yet, add an admin and print the one-time password."
        ),
    ] = False,
) -> None:
    """Serve the moderators' desk: the queue, figures, rules and history, behind a login.

    Users are added with `moderation users add NAME`. Ctrl-C ends it. See docs/dashboard.md.
    """
    if database is not None:
        os.environ["MODERATION_DATABASE"] = database  # before anything has read the settings
    write_logs()
    from dashboard.server import create_app  # noqa: PLC0415 - `--help` shouldn't wait for Streamlit

    app = create_app()
    if first_admin:
        _add_first_admin()
    typer.echo(f"The desk is at http://{host}:{port} (Ctrl-C ends it).")
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of moderators are nobody's business
        server_header=False,
        timeout_graceful_shutdown=5,  # seconds; an open page keeps its web socket for ever
    )


def _add_first_admin() -> None:
    from dashboard import resources  # noqa: PLC0415 - reads the settings

    if made := resources.users().ensure_first_admin():
        name, password = made
        typer.echo(f"Log in as {name} with the one-time password {password}")


def main() -> None:
    """Run the command; what a user did wrong ends in one message and exit code 2."""
    try:
        typer.run(serve)
    except ModerationError as error:
        render_error(error, error_console())
        sys.exit(2)


if __name__ == "__main__":
    main()
