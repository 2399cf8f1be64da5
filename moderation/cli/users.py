"""`moderation users`: who may work at the dashboard."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from moderation.cli.common import JsonOption, open_store_or_new, print_json
from moderation.cli.rules.options import ByOption, who_acts
from moderation.desk import Account, AccountChange, Identities, Role, Users
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption
from moderation.text.visible import visible

app = typer.Typer(no_args_is_help=True, help="Add, list and disable the users of the dashboard.")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What they log in with.")]
PromptOption = Annotated[
    bool,
    typer.Option(
        "--prompt", help="Ask for the password. Without it, a one-time password is made and printed."
    ),
]


@app.command("add")
def add(
    name: NameArgument,
    *,
    role: Annotated[
        Role,
        typer.Option("--role", help="moderator: decides comments. admin: also rules, users, escalations."),
    ] = Role.MODERATOR,
    prompt: PromptOption = False,
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Add a user. Their one-time password is printed once; they change it at the first login."""
    password = _ask() if prompt else None
    with open_store_or_new(database) as store:
        made = Users(store).add(name, role, password, by=who_acts(by))
    _tell(name, made, f"added {role}")


@app.command("list")
def list_users(*, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List all users with their roles."""
    with open_store(database) as store:
        accounts = Users(store).list()
    if as_json:
        print_json([_to_dict(account) for account in accounts])
    elif accounts:
        Console().print(_table(accounts))
    else:
        Console().print("no users yet: `moderation users add NAME --role admin`", markup=False)


@app.command("disable")
def disable(name: NameArgument, *, by: ByOption = None, database: DatabaseOption = None) -> None:
    """End a user's sessions and let them log in no more. What they decided stays."""
    with open_store(database) as store:
        Users(store).disable(name, by=who_acts(by))
    _tell(name, None, "disabled")


@app.command("enable")
def enable(name: NameArgument, *, by: ByOption = None, database: DatabaseOption = None) -> None:
    """Let a disabled user log in again."""
    with open_store(database) as store:
        Users(store).enable(name, by=who_acts(by))
    _tell(name, None, "enabled")


@app.command("unbind")
def unbind(name: NameArgument, *, by: ByOption = None, database: DatabaseOption = None) -> None:
    """Forget who a user is at the provider of OpenID Connect, and end their sessions.

    Whoever logs in there next with this mail address is that user.
    """
    with open_store(database) as store:
        Identities(store).unbind(name, by=who_acts(by))
    _tell(name, None, "unbound")


@app.command("password")
def password(
    name: NameArgument, *, prompt: PromptOption = False, by: ByOption = None, database: DatabaseOption = None
) -> None:
    """Give a user a new password and end their sessions."""
    given = _ask() if prompt else None
    with open_store(database) as store:
        made = Users(store).set_password(name, given, by=who_acts(by))
    _tell(name, made, "new password for")


@app.command("log")
def log(
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the latest changes.")] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who did what to users, latest first. Nothing of it is ever deleted."""
    with open_store(database) as store:
        changes = Users(store).changes(latest=limit)
    if as_json:
        print_json([asdict(change) | {"at": change.at.isoformat()} for change in changes])
    elif changes:
        Console().print(_log(changes))
    else:
        Console().print("no changes yet", markup=False)


def _log(changes: Sequence[AccountChange]) -> Table:
    table = Table("at, UTC", "user", "change", "by")
    for change in changes:
        what = change.change.value.replace("_", " ")
        table.add_row(f"{change.at:%Y-%m-%d %H:%M}", escape(change.name), what, escape(visible(change.by)))
    return table


def _ask() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _tell(name: str, made: str | None, what: str) -> None:
    console = Console(soft_wrap=True, highlight=False, markup=False)
    console.print(f"{what} {name}")
    if made:
        console.print(f"one-time password: {made}")


def _table(accounts: list[Account]) -> Table:
    bound = [str(account.identity or "") for account in accounts]
    table = Table("name", "role", "since", "", *["bound to"] * any(bound))
    for account, identity in zip(accounts, bound, strict=True):
        note = "one-time password" if account.must_change else ""
        state = "disabled" if account.disabled_at else note
        row = account.name, account.role.value, f"{account.created_at:%Y-%m-%d}", state
        table.add_row(*row, *[escape(visible(identity))] * any(bound))
    return table


def _to_dict(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role.value,
        "created_at": account.created_at.isoformat(),
        "disabled_at": account.disabled_at and account.disabled_at.isoformat(),
        "must_change": account.must_change,
        "issuer": account.identity and account.identity.issuer,
        "subject": account.identity and account.identity.subject,
    }
