"""`moderation verdict`: what a moderator decided, from the command line or from a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import SiteOption, counted, find_comment
from moderation.cli.rules.options import who_acts
from moderation.comment_files.verdicts import read_verdicts
from moderation.desk import Desk, Role, User
from moderation.desk.importing import ImportedVerdicts, import_verdicts
from moderation.domain import VerdictKind
from moderation.errors import VerdictError
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption, error_console

_SHOWN = 10


def verdict(
    reference: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="The number of a stored comment, or your own id of it."),
    ] = None,
    decided: Annotated[
        str | None, typer.Argument(metavar="[approve|reject]", help="What was decided.", show_default=False)
    ] = None,
    *,
    by: Annotated[
        str | None, typer.Option("--by", help="Who decided.", show_default="the user of this computer")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="The rule or policy a rejection is about.")] = "",
    note: Annotated[str, typer.Option("--note", help="For colleagues.")] = "",
    import_: Annotated[
        Path | None,
        typer.Option(
            "--import",
            metavar="FILE",
            help="Take verdicts from a CSV, JSONL or Parquet file with the columns `comment_id`, or `external_id`"
            " and `site`; `verdict` (approve or reject); and, if you like, `by`, `at`, `reason`, `note`.",
        ),
    ] = None,
    site: SiteOption = None,
    database: DatabaseOption = None,
) -> None:
    """Approve or reject a stored comment, or import verdicts that were given elsewhere.

    A comment that waits in the queue leaves it. The same file imported again changes nothing.
    """
    user = User(who_acts(by), Role.ADMIN)  # whoever can write to the database may do everything
    if import_ is not None:
        if reference is not None:
            raise typer.BadParameter("give a comment or a file, not both", param_hint="--import")
        _import(import_, user, site, database)
        return
    if reference is None or decided not in {VerdictKind.APPROVE, VerdictKind.REJECT}:
        raise typer.BadParameter("give a comment and `approve` or `reject`, or --import FILE")
    kind = VerdictKind(decided)
    with open_store(database) as store:
        comment = find_comment(store, reference, site)
        result = Desk(store).judge(user, comment.id, kind, reason=reason, note=note)
    if not result.saved:
        raise VerdictError(result.message)
    _say(f"comment {comment.id}: {kind} by {user.name}")


def _import(path: Path, user: User, site: str | None, database: str | None) -> None:
    rows, bad = read_verdicts(path, by=user.name, site=site)
    with open_store(database) as store:
        done = import_verdicts(store, rows)
    _say(_summary(done))
    problems = [*bad, *done.problems]
    for line, problem in sorted(problems)[:_SHOWN]:
        error_console().print(f"{path.name}:{line}: {problem}", markup=False, highlight=False)
    if problems:
        _say(f"{counted(len(problems), 'row')} could not be used")
        raise typer.Exit(1)


def _summary(done: ImportedVerdicts) -> str:
    return f"{counted(done.added, 'verdict')} imported, {done.repeated:,} known already"


def _say(line: str) -> None:
    Console(soft_wrap=True, highlight=False, markup=False).print(line)
