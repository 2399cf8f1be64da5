"""Labelled comments of a file: which column is the text, which are labels, which are other systems' scores."""

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from importlib.resources import files as package_files
from pathlib import Path

import numpy as np

from moderation.comment_files.readers import BadRow, Record
from moderation.comment_files.tables import open_table
from moderation.domain import ATTRIBUTES
from moderation.errors import InputFileError
from moderation.model_evaluation.labelled import Labelled, Numbers
from moderation.scoring.folder import sha256_of

ScoreColumns = Mapping[str, Mapping[str, str]]
"""By system, by attribute: the column of its scores."""

_EMPTY = (None, "")
_WRITTEN = "evaluation.parquet"


def read_labelled(
    path: Path, *, text: str = "text", scores: ScoreColumns | None = None, limit: int | None = None
) -> tuple[Labelled, int]:
    """Read a file of labelled comments; return them, and how many rows could not be used.

    Args:
        path: CSV, JSONL or Parquet. Columns called like attributes are labels, 0-1, empty where not labelled.
        text: the column of the text.
        scores: columns of other systems' scores.
        limit: read no more rows than that.

    Raises:
        InputFileError: it can't be read, has no such columns, or a number in it is none between 0 and 1.
    """
    rows: list[Record] = []
    bad = 0
    with closing(open_table(path, mapping={"text": text})) as table:
        for row in table.rows():
            if isinstance(row, BadRow):
                bad += 1
            elif len(rows) == limit:
                break
            else:
                rows.append(row)
    if not rows:
        raise InputFileError(
            f"`{path}` holds no comments", hint="give a file with one labelled comment a row"
        )
    columns = list(dict.fromkeys(name for row in rows for name in row.cells))
    _check(path, columns, text, scores or {})
    usable = [row for row in rows if isinstance(row.cells.get(text), str)]
    taken = {text, *ATTRIBUTES, *(one for system in (scores or {}).values() for one in system.values())}
    labelled = Labelled(
        path.name,
        sha256_of(path),
        [str(row.cells[text]) for row in usable],
        {name: _numbers(path, usable, name) for name in ATTRIBUTES if name in columns},
        {name: _words(usable, name) for name in columns if name not in taken},
        {
            system: {attribute: _numbers(path, usable, column) for attribute, column in wanted.items()}
            for system, wanted in (scores or {}).items()
        },
    )
    return labelled, bad + len(rows) - len(usable)


def written_evaluation() -> Path:
    """Find the evaluation file that comes with this program: in the package once installed, in tools/ in a checkout."""
    package = Path(str(package_files("moderation")))
    installed = package / "data" / _WRITTEN
    return installed if installed.exists() else package.parent / "tools" / "training" / "written" / _WRITTEN


def parse_scores(given: Sequence[str]) -> dict[str, dict[str, str]]:
    """Read `SYSTEM=COLUMN` (its toxicity) and `SYSTEM:ATTRIBUTE=COLUMN`.

    Raises:
        InputFileError: it is neither, or the attribute is none.
    """
    found: dict[str, dict[str, str]] = {}
    for one in given:
        system, equals, column = one.partition("=")
        name, _, attribute = system.partition(":")
        if not (equals and name and column) or (attribute and attribute not in ATTRIBUTES):
            raise InputFileError(
                f"--scores {one!r} can't be used",
                hint="write NAME=COLUMN for its toxicity, or NAME:ATTRIBUTE=COLUMN, e.g. perspective=TOXICITY",
            )
        found.setdefault(name, {})[attribute or "toxicity"] = column
    return found


def _check(path: Path, columns: Sequence[str], text: str, scores: ScoreColumns) -> None:
    there = f"its columns are {', '.join(columns)}"
    if text not in columns:
        raise InputFileError(f"`{path}` has no column `{text}`", hint=f"{there}; --text COLUMN names the one")
    if not set(columns) & set(ATTRIBUTES):
        raise InputFileError(
            f"`{path}` has no labels",
            hint=f"a column is called like an attribute: {', '.join(ATTRIBUTES)}; {there}",
        )
    for column in (one for system in scores.values() for one in system.values()):
        if column not in columns:
            raise InputFileError(f"`{path}` has no column `{column}` of scores", hint=there)


def _numbers(path: Path, rows: Iterable[Record], name: str) -> Numbers:
    return np.array([_number(path, row, name) for row in rows], dtype=np.float64)


def _number(path: Path, row: Record, name: str) -> float:
    value = row.cells.get(name)
    if value in _EMPTY:
        return math.nan
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if math.isnan(number):
        return number
    if not 0 <= number <= 1:
        raise InputFileError(
            f"`{path}`, row at line {row.line}: `{name}` is no number between 0 and 1",
            hint="labels and scores are 0-1, or empty where there is none",
        )
    return number


def _words(rows: Iterable[Record], name: str) -> list[str]:
    return ["" if (value := row.cells.get(name)) is None else str(value)[:60] for row in rows]
