"""`moderation db`: the database's tables."""

import typer
from rich.console import Console
from sqlalchemy import make_url

from moderation.cli.common import JsonOption, counted, print_json
from moderation.cli.display.render import render_summary
from moderation.settings import settings
from moderation.store import Store, database_label, summary
from moderation.store.opening import database_url, open_store
from moderation.terminal import DatabaseOption

app = typer.Typer(no_args_is_help=True, help="Look after the database.")


@app.command("upgrade")
def upgrade(*, database: DatabaseOption = None) -> None:
    """Bring the tables to what this release needs; nothing stored is lost.

    SQLite is upgraded whenever it is opened; PostgreSQL only by this command, so that you choose when.
    """
    url = database_url(database)
    before, after = Store.upgrade(url, busy_timeout_s=settings().busy_timeout_s)
    console = Console(soft_wrap=True, highlight=False, markup=False)
    done = f"up to date: {after}" if before == after else f"upgraded: {before or 'empty'} → {after}"
    console.print(f"{done} ({database_label(make_url(url))})")


@app.command("status")
def status(*, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Count what is stored: comments by action, rule and language, and the queue."""
    with open_store(database) as store, store.reading() as session:
        found = summary(session=session)
    if as_json:
        print_json(found.to_dict())
    else:
        headline = f"{counted(found.comments, 'comment')}, {found.queued:,} waiting for a moderator"
        render_summary(headline, found.to_dict(), Console())
