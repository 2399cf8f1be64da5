"""Verdicts of a file: which comment, what was decided, by whom and when."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from moderation.comment_files.columns import BadValueError, moment_in_cell
from moderation.comment_files.readers import BadRow, Record
from moderation.comment_files.tables import open_table
from moderation.desk.importing import VerdictLine
from moderation.domain import VerdictKind

_KINDS = {kind.value: kind for kind in VerdictKind if kind.final}

BadLine = tuple[int, str]
"""The line of a row, and why it can't be used."""


def read_verdicts(path: Path, *, by: str, site: str | None) -> tuple[list[VerdictLine], list[BadLine]]:
    """Read a file of verdicts; return them, and the rows that can't be used.

    Args:
        path: CSV, JSONL or Parquet.
        by: who decided, where a row doesn't say.
        site: the site, likewise.

    Raises:
        InputFileError: it can't be read.
    """
    rows: list[VerdictLine] = []
    bad: list[BadLine] = []
    with closing(open_table(path, mapping={"text": "verdict"})) as table:
        for row in table.rows():
            if isinstance(row, BadRow):
                bad.append((row.line, row.reason))
                continue
            try:
                rows.append(_read(row, by, site))
            except BadValueError as error:
                bad.append((row.line, str(error)))
    return rows, bad


def _read(row: Record, by: str, site: str | None) -> VerdictLine:
    number, external_id = _text(row, "comment_id"), _text(row, "external_id")
    if not (number or external_id):
        raise BadValueError("the row names no comment: it needs `comment_id` or `external_id`")
    kind = _KINDS.get(_text(row, "verdict").lower())
    if kind is None:
        raise BadValueError("`verdict` is neither approve nor reject")
    return VerdictLine(
        line=row.line,
        reference=number or external_id,
        site=None if number else _text(row, "site") or site,
        is_number=bool(number),
        kind=kind,
        by=_text(row, "by") or by,
        at=_time(row.cells.get("at")),
        reason=_text(row, "reason"),
        note=_text(row, "note"),
    )


def _time(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        return moment_in_cell(value)
    except (ValueError, OverflowError):
        raise BadValueError("`at` is no time in ISO 8601, and no seconds since 1970") from None


def _text(row: Record, name: str) -> str:
    value = row.cells.get(name)
    return "" if value is None else str(value).strip()
