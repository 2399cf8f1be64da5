"""`moderation serve`: the HTTP service."""

import os
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moderation.cli.common import DecidingRulesOption
from moderation.extras import needing
from moderation.store.opening import database_url, open_store
from moderation.terminal import DatabaseOption

if TYPE_CHECKING:
    from moderation.cli.serving import Serving

_ENVIRONMENT = "MODERATION_SERVE_"
_APP = "moderation.api.app:create_app"  # by name: each worker loads it, and no door imports another


def _sub_path(given: str) -> str:
    path = given.rstrip("/")
    if path and (not path.startswith("/") or not path.isascii() or any(letter in path for letter in " ?#%")):
        raise typer.BadParameter("a sub-path begins with a slash, and is part of an address: `/moderation`")
    return path


def _proxies(given: str) -> str:
    if given.strip() == "*":
        return "*"
    for one in filter(None, map(str.strip, given.split(","))):
        try:
            ip_network(one)
        except ValueError:
            raise typer.BadParameter(
                f"{one!r} is neither an address nor a network, as 10.0.0.1 and 10.0.0.0/8 are; "
                "a proxy's name is not looked up"
            ) from None
    return given


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
        str,
        typer.Option(
            help="Sub-path that a proxy takes off: `/moderation`.", show_default=False, callback=_sub_path
        ),
    ] = "",
    public_url: Annotated[
        str,
        typer.Option(
            help="Address that clients know the service by, if the proxy hides it.", show_default=False
        ),
    ] = "",
    trusted_proxies: Annotated[
        str,
        typer.Option(
            help="Addresses and networks whose X-Forwarded-For and -Proto are believed, separated by commas; "
            "`*`: anybody's.",
            callback=_proxies,
        ),
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

        from moderation.cli.serving import Serving  # noqa: PLC0415 - imports uvicorn
    where = Serving(host, port, workers, root_path, trusted_proxies)
    said = {"RULES": _text(rules), "DATABASE": database_url(database), "PUBLIC_URL": public_url}
    os.environ |= {_ENVIRONMENT + name: value for name, value in said.items() if value}
    _start(where, rules=rules, database=database, first_key=first_key)


def _start(where: "Serving", *, rules: Path | None, database: str | None, first_key: bool) -> None:
    from moderation.cli.serving import config_of, listen, run  # noqa: PLC0415 - imports uvicorn

    with listen(where) as listener:
        if where.workers > 1:
            _try_out(rules, database)
        _tell_of_keys(database, make_first=first_key)
        typer.echo(f"Starting at {where.address} (Ctrl-C ends it).")
        run(config_of(_APP, where), listener)


def _text(path: Path | None) -> str:
    return str(path.absolute()) if path else ""


def _try_out(rules: Path | None, database: str | None) -> None:
    """Fail here, once, for what each worker would fail for; the model, which is large, they open themselves."""
    from moderation.moderator import Moderator  # noqa: PLC0415 - `--help` needs none of it

    Moderator.open(rules, database=database_url(database), scorer=_Unloaded(), follow=False).close()


class _Unloaded:
    """Stands for a model that others load: it scores nothing."""

    model = engine = "not loaded"
    attributes: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        del languages
        return [{} for _ in texts]

    def close(self) -> None:
        pass


def _tell_of_keys(database: str | None, *, make_first: bool) -> None:
    """Print a first key, if one is wanted and there was none; else say how to get one."""
    from moderation.api_keys import ApiKeys  # noqa: PLC0415

    with open_store(database, create=True) as store:
        keys, option = ApiKeys(store), _named_again(database)
        if make_first and (made := keys.ensure_first("first", by="moderation serve")):
            typer.echo(f"Key, shown this once: {made.secret}")
        elif known := keys.list():
            typer.echo(
                f"{store.label} has {len(known)} keys: `moderation keys list {option}` shows them, "
                f"`moderation keys rotate NAME {option}` makes a new one."
            )
        else:
            typer.echo(f"There are no keys yet: `moderation keys add NAME --scope analyze {option}`")


def _named_again(database: str | None) -> str:
    """Return the option that names the same database; an address may hold a password, and what is printed is kept."""
    if not database:
        return ""
    return f"--database {database if database.startswith('sqlite:') else '…'}"
