"""`moderation keys`: who may use the HTTP service, for what, and how much."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from moderation.api_keys import ApiKey, ApiKeyChange, ApiKeys, NewKey, Scope
from moderation.cli.common import JsonOption, open_store_or_new, print_json
from moderation.cli.rules.options import ByOption, who_acts
from moderation.cli.times import parse_duration
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption, error_console
from moderation.text.visible import visible

app = typer.Typer(no_args_is_help=True, help="Add, list, replace and revoke keys to the HTTP service.")

_ONCE = "Keep it now: it is not shown again, and the database has no copy of it."

KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="Its name, or its public part: never the whole key.")
]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what it is for: news-site.")],
    *,
    scope: Annotated[
        list[Scope],
        typer.Option(
            "--scope",
            help="What it may do; repeat it for more. analyze: scores and decisions of texts that aren't stored. "
            "submit: comments, labels, appeals. moderate: verdicts. admin: what the service measures.",
        ),
    ],
    site: Annotated[
        list[str] | None,
        typer.Option(
            "--site", help="Where; repeat it for more. Without it: on every site.", show_default=False
        ),
    ] = None,
    quota: Annotated[
        int | None,
        typer.Option("--quota", min=1, help="Comments a minute. Without it: no limit.", show_default=False),
    ] = None,
    by: ByOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key. It is printed once; only its hash is stored."""
    with open_store_or_new(database) as store:
        made = ApiKeys(store).add(name, scope, sites=site or (), quota=quota, by=who_acts(by))
        _hand_over(made, f"added to {store.label}:", as_json=as_json)


@app.command("list")
def list_keys(
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Those that were revoked or replaced, too.")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the keys in force with what they may do."""
    with open_store(database) as store:
        keys, where = ApiKeys(store).list(ended=ended), store.label
    if as_json:
        print_json([_to_dict(key) for key in keys])
    elif keys:
        Console().print(_table(keys))
    else:
        _say(f"no keys yet in {where}: `moderation keys add NAME --scope analyze`")


@app.command("revoke")
def revoke(
    key: KeyArgument, *, by: ByOption = None, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """End a key at once: every process of the service refuses it within two seconds.

    By its name, the key that it replaces ends too, if that one is still in force.
    """
    with open_store(database) as store:
        ended = ApiKeys(store).revoke(key, by=who_acts(by))
    if as_json:
        print_json(_to_dict(ended))
    else:
        _say(f"revoked {visible(ended.name)} ({ended.public_id})")


@app.command("rotate")
def rotate(
    key: KeyArgument,
    *,
    overlap: Annotated[
        str, typer.Option("--overlap", help='How long the old key works beside the new one: "1 day", "2h".')
    ] = "1 day",
    by: ByOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key in place of another, with the same name, scopes, sites and quota. It is printed once."""
    span = parse_duration(overlap)
    with open_store(database) as store:
        made = ApiKeys(store).rotate(key, overlap=span, by=who_acts(by))
        _hand_over(made, f"rotated in {store.label}:", as_json=as_json)


@app.command("log")
def log(
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the latest changes.")] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who did what to keys, latest first. Nothing of it is ever deleted."""
    with open_store(database) as store:
        changes = ApiKeys(store).changes(latest=limit)
    if as_json:
        print_json([asdict(change) | {"at": change.at.isoformat()} for change in changes])
    elif changes:
        Console().print(_log(changes))
    else:
        Console().print("no changes yet", markup=False)


def _hand_over(made: NewKey, what: str, *, as_json: bool) -> None:
    """Print a new key: the one time that it can be."""
    if as_json:
        print_json(_to_dict(made.key) | {"key": made.secret})
        error_console().print(_ONCE, highlight=False, markup=False)
        return
    _say(f"{what} {visible(made.key.name)} ({made.key.public_id})", made.secret, _ONCE)


def _say(*lines: str) -> None:
    console = Console(soft_wrap=True, highlight=False, markup=False)
    for line in lines:
        console.print(line)


def _table(keys: Sequence[ApiKey]) -> Table:
    table = Table(box=SIMPLE)
    table.add_column("name", overflow="fold")
    table.add_column("public part", no_wrap=True)  # whole, to be copied
    for heading in ("scopes", "sites", "a minute", "ends, UTC"):
        table.add_column(heading, overflow="fold")
    for key in keys:
        table.add_row(
            escape(visible(key.name)),
            key.public_id,
            " ".join(sorted(key.scopes)),
            escape(visible(" ".join(sorted(key.sites)))) or "all",
            f"{key.quota:,}" if key.quota else "no limit",
            f"{key.ends_at:%Y-%m-%d %H:%M}" if key.ends_at else "",
        )
    return table


def _log(changes: Sequence[ApiKeyChange]) -> Table:
    table = Table("at, UTC", "key", "public part", "change", "by")
    for change in changes:
        name, by = escape(visible(change.name)), escape(visible(change.by))
        table.add_row(f"{change.at:%Y-%m-%d %H:%M}", name, change.public_id, change.change.value, by)
    return table


def _to_dict(key: ApiKey) -> dict[str, object]:
    return asdict(key) | {
        "scopes": sorted(key.scopes),
        "sites": sorted(key.sites),
        "created_at": key.created_at.isoformat(),
        "ends_at": key.ends_at and key.ends_at.isoformat(),
    }
