"""`moderation rules diff`: which comments another ruleset would decide differently."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from moderation.backtest import Diff, Question, diff_stored, diff_unstored
from moderation.backtest.diff import Progress as Told
from moderation.cli.common import JsonOption, counted, print_json
from moderation.cli.display.flips import render_diff
from moderation.cli.rules.naming import ruleset_named
from moderation.cli.times import parse_duration
from moderation.comment_files.inputs import BadRow, open_comments, parse_mapping
from moderation.domain import Comment
from moderation.store import Store
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption, error_console

_PROCESSES = 2


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A file, a stored hash's beginning, or `live`.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Likewise.")],
    *,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help='Only comments of the last "7d", "24h" …')
    ] = None,
    last: Annotated[int | None, typer.Option(min=1, help="Only so many, those stored last.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Comments of a file instead of stored ones: JSONL, CSV or Parquet."
        ),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of the file holds a field."),
    ] = None,
    show: Annotated[int, typer.Option(min=0, help="How many of the comments that flip are shown.")] = 10,
    record_only: Annotated[
        bool,
        typer.Option(
            "--record-only", help="Score nothing again; leave out what the record is not enough for."
        ),
    ] = False,
    processes: Annotated[int, typer.Option(min=1, help="How many share the work.")] = _PROCESSES,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replay comments through two rulesets, and show what flips, both ways.

    Stored comments are decided from their recorded signals and scores, so a hundred thousand take seconds.
    Word lists and repetitions are looked up again where NEW's differ; a comment is scored again only where NEW
    names another model, other languages or a greater length than the record is of. A comment for which that can't
    be done is in no figure, and is counted.

    Precision and recall are those of "hold or reject" against the verdicts that moderators gave. Nothing is stored.

    Exit code 0: no comment flips; 1: some do.

        moderation rules diff live rules.yaml --since 7d

        moderation rules diff 1a2b3c4d live --last 10000 --json

        moderation rules diff live rules.yaml --file comments.csv --map text=body
    """
    if file and (since or last):
        raise typer.BadParameter("--file brings its own comments: leave out --since and --last")
    with open_store(database) as store:
        question = Question(ruleset_named(old, store), ruleset_named(new, store), show, not record_only)
        with _bar() as told:
            found = (
                _of_file(file, question, mapping or [], told)
                if file
                else _of_store(store, question, since, last, processes, told)
            )
    if as_json:
        print_json(found.to_dict())
    else:
        render_diff(found, Console())
    if found.flips:
        raise typer.Exit(1)


def _of_store(
    store: Store, question: Question, since: str | None, last: int | None, processes: int, told: Told
) -> Diff:
    begin = datetime.now(UTC) - parse_duration(since) if since else None
    return diff_stored(store, question, since=begin, last=last, processes=processes, progress=told)


def _of_file(file: Path, question: Question, mapping: list[str], told: Told) -> Diff:
    bad: list[BadRow] = []

    def comments() -> Iterator[Comment]:
        for row in source:
            if isinstance(row, BadRow):
                bad.append(row)
            else:
                yield row.comment

    with ExitStack() as stack:
        columns = parse_mapping(mapping)
        source = stack.enter_context(open_comments(file, format=None, mapping=columns, site=None))
        found = diff_unstored(question, comments(), progress=told)
    if bad:
        error_console().print(
            f"{counted(len(bad), 'row')} could not be read, the first in line {bad[0].line}"
        )
    return found


@contextmanager
def _bar() -> Iterator[Told]:
    """Show how far it is, on standard error."""
    console = error_console()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("replaying", total=None)

        def told(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total, description=f"{done:,} comments")

        yield told
