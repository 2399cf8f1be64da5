"""`moderation serve`: the HTTP service."""

import os
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli.common import DecidingRulesOption
from moderation.extras import needing
from moderation.store.opening import database_url, open_store
from moderation.terminal import DatabaseOption

_ENVIRONMENT = "MODERATION_SERVE_"
_KEEP_ALIVE_S = 75  # clients hold one connection for a minute, and don't try again when it is gone
_GRACE_S = 30


def serve(
    *,
    rules: DecidingRulesOption = None,
    database: DatabaseOption = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Others reach it only behind a proxy with TLS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8080,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes. Each loads the model; one uses all cores.")
    ] = 1,
    root_path: Annotated[
        str, typer.Option(help="Sub-path that a proxy takes off: `/moderation`.", show_default=False)
    ] = "",
    public_url: Annotated[
        str,
        typer.Option(
            help="Address that clients know the service by, if the proxy hides it.", show_default=False
        ),
    ] = "",
    trusted_proxies: Annotated[
        str,
        typer.Option(help="Addresses whose X-Forwarded-For and -Proto are believed, separated by commas."),
    ] = "127.0.0.1",
    first_key: Annotated[
        bool, typer.Option("--first-key", help="If there are no keys yet, make one and print it, once.")
    ] = False,
) -> None:
    """Serve over HTTP: Perspective's, OpenAI's and Coral's requests, and our own `/v1`.

    Who asks needs a key: `moderation keys add NAME --scope analyze`. Ctrl-C or SIGTERM ends it, after what was
    accepted is answered. See docs/service.md.
    """
    with needing("api", "the service needs {package}, which is not installed"):
        import fastapi  # noqa: F401, PLC0415 - `--help` needs none of it
        import prometheus_client  # noqa: F401, PLC0415
        import uvicorn  # noqa: PLC0415
    said = {"RULES": _text(rules), "DATABASE": database_url(database), "PUBLIC_URL": public_url}
    os.environ |= {_ENVIRONMENT + name: value for name, value in said.items() if value}
    if first_key:
        _make_first_key(database)
    typer.echo(f"The service is at http://{host}:{port}{root_path} (Ctrl-C ends it).")
    uvicorn.run(
        "moderation.api.app:create_app",  # by name: each worker loads it, and no door imports another
        factory=True,
        host=host,
        port=port,
        workers=workers,
        root_path=root_path.rstrip("/"),
        http="moderation.api.connection:BoundedConnection",
        ws="none",
        forwarded_allow_ips=trusted_proxies,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        log_level="warning",
        access_log=False,  # ours has no query strings, which hold keys
        server_header=False,
    )


def _text(path: Path | None) -> str:
    return str(path.absolute()) if path else ""


def _make_first_key(database: str | None) -> None:
    from moderation.api_keys import ApiKeys  # noqa: PLC0415

    with open_store(database) as store:
        if made := ApiKeys(store).ensure_first("first", by="moderation serve"):
            typer.echo(f"Key, shown this once: {made.secret}")
