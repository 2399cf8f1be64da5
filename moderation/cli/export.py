"""`moderation export`: stored comments with their decisions, into a file."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli.common import counted
from moderation.comment_files.outputs import export_row, write_export
from moderation.store import iterate
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption, error_console


class ExportFormat(StrEnum):
    """What an export can be written as."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; else standard output.")
    ] = None,
    *,
    export_format: Annotated[
        ExportFormat, typer.Option("--format", help="How it is written.")
    ] = ExportFormat.JSONL,
    database: DatabaseOption = None,
    site: Annotated[str | None, typer.Option(help="Only this site's comments.")] = None,
) -> None:
    """Write every stored comment with its latest decision, in order of storing.

    In CSV, a cell that a spreadsheet would run as a formula gets a leading apostrophe.

        moderation export --format csv --output comments.csv
    """
    with open_store(database) as store:
        rows = (export_row(stored) for stored in iterate(store, site=site))
        target = output or sys.stdout.buffer
        written = write_export(rows, target, format=export_format.value)
    error_console().print(counted(written, "comment"))
