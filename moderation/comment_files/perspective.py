"""Comments of a file with the scores that Perspective gave them: read as often as needed, in bounded memory."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path

from moderation.comment_files.mapping import shown_name
from moderation.comment_files.perspective_columns import (
    PerspectiveColumns,
    find_columns,
    read_label,
    read_language,
    score_in,
    spread_columns,
)
from moderation.comment_files.readers import BadRow, Record
from moderation.comment_files.tables import open_table
from moderation.errors import InputFileError

_SHOWN_COLUMNS = 30


@dataclass(frozen=True, slots=True)
class PerspectiveRow:
    """A comment with Perspective's scores.

    Attributes:
        line: where its row begins; in Parquet, the row; from 1.
        external_id: the comment system's own id; empty if the row has none.
        text: as written.
        language: as the row says it; `None`: it doesn't.
        scores: Perspective's, 0-1, by our attribute.
        rejected: whether it was rejected in the end; `None`: the row doesn't say.
    """

    line: int
    external_id: str
    text: str
    language: str | None
    scores: dict[str, float]
    rejected: bool | None


@dataclass(slots=True)
class Survey:
    """What a file holds.

    Attributes:
        rows: comments with a text and at least one score.
        without_score: comments without any.
        bad: rows that can't be used.
        columns: by attribute, the column that its scores come from; the first, where rows differ.
        unknown: columns that look like further scores of Perspective, and are not used.
        labelled: comments of which the file says whether they were rejected.
    """

    rows: int = 0
    without_score: int = 0
    bad: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    labelled: int = 0


class PerspectiveFile:
    """A file of comments with Perspective's scores: CSV, JSONL or Parquet.

    Args:
        path: the file.
        text: the column of the text, if its name doesn't tell.
    """

    def __init__(self, path: Path, *, text: str | None = None) -> None:
        self.path = path
        self._text = text
        self._find = lru_cache(maxsize=256)(partial(find_columns, text=text))

    def survey(self) -> Survey:
        """Read all of it once, so that what is wrong with it is known before anything is scored.

        Raises:
            InputFileError: it can't be read, or not twice; it has no texts, or no scores; or a score is none.
            MissingExtraError: it is Parquet, and pyarrow is not installed.
        """
        if self.path.exists() and not self.path.is_file() and not self.path.is_dir():
            raise InputFileError(
                f"{self.path}: is no file that can be read more than once", hint="save it as a file"
            )
        found = Survey()
        columns: dict[str, None] = {}
        for taken in self._read(columns):
            _count(found, taken)
        self._refuse_empty(found, columns)
        return found

    def rows(self) -> Iterator[PerspectiveRow]:
        """Yield the comments that have a score.

        Raises:
            InputFileError: see `survey`.
        """
        for taken in self._read({}):
            if taken and taken.row.scores:
                yield taken.row

    def _read(self, columns: dict[str, None]) -> Iterator["_Taken | None"]:
        """Yield what each row holds, `None` for one that can't be used; note the columns that there are."""
        with closing(open_table(self.path, mapping={"text": self._text} if self._text else {})) as table:
            columns |= dict.fromkeys(table.columns)
            if table.fixed:
                self._refuse_doubled(Counter(table.columns))
            for record in table.rows():
                yield None if isinstance(record, BadRow) else self._take(record)

    def _take(self, record: Record) -> "_Taken | None":
        cells = spread_columns(record.cells)
        where = self._find(tuple(cells))
        text = cells.get(where.text or "")
        if not isinstance(text, str):
            return None
        scores = {
            attribute: score
            for attribute, column in where.scores.items()
            if (score := self._score(record.line, column, cells[column])) is not None
        }
        number = cells.get(where.external_id or "")
        row = PerspectiveRow(
            record.line,
            "" if number is None else str(number),
            text,
            read_language(cells.get(where.language or "")),
            scores,
            read_label(where.label, cells[where.label]) if where.label else None,
        )
        return _Taken(row, where, tuple(name for name in where.others if _looks_like_score(cells[name])))

    def _score(self, line: int, column: str, cell: object) -> float | None:
        value = score_in(cell)
        if value is None:
            return None
        number = _number(value)
        if math.isnan(number) and not isinstance(value, str):
            return None  # what a data frame writes for nothing; or it is no score at all
        if not 0 <= number <= 1:
            raise InputFileError(
                f"`{self.path}`, row at line {line}: {shown_name(column)} is no number between 0 and 1",
                hint="Perspective's scores are 0-1; leave the cell empty where there is none",
            )
        return number

    def _refuse_doubled(self, counts: Counter[str]) -> None:
        where = self._find(tuple(counts))
        used = {where.text, where.external_id, where.language, where.label, *where.scores.values()} - {None}
        for column in used:
            if counts[column or ""] > 1:
                raise InputFileError(
                    f"{self.path}: has {counts[column or '']} columns called {shown_name(column or '')}",
                    hint="rename all but one",
                )

    def _refuse_empty(self, found: Survey, columns: Mapping[str, None]) -> None:
        there = ", ".join(map(shown_name, list(columns)[:_SHOWN_COLUMNS])) or "none"
        if not found.rows + found.without_score:
            raise InputFileError(
                f"`{self.path}` holds no comments with a text: its columns are {there}",
                hint="--text COLUMN names the one with the texts",
            )
        if not found.rows:
            raise InputFileError(
                f"`{self.path}` holds no scores of Perspective: its columns are {there}",
                hint="scores stand in columns called like its attributes (TOXICITY, perspective_insult), or as its "
                "whole answer with `attributeScores`",
            )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A row, the columns it was taken from, and those of it that hold further scores."""

    row: PerspectiveRow
    where: PerspectiveColumns
    unknown: tuple[str, ...]


def _count(found: Survey, taken: _Taken | None) -> None:
    if taken is None:
        found.bad += 1
        return
    found.rows += bool(taken.row.scores)
    found.without_score += not taken.row.scores
    found.labelled += bool(taken.row.scores) and taken.row.rejected is not None
    for attribute in taken.row.scores:
        found.columns.setdefault(attribute, taken.where.scores[attribute])
    if len(found.unknown) < _SHOWN_COLUMNS:
        found.unknown |= dict.fromkeys(taken.unknown)


def _looks_like_score(cell: object) -> bool:
    return 0 <= _number(score_in(cell)) <= 1


def _number(value: object) -> float:
    """Return a number, and NaN for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return math.nan
    try:
        return float(value)
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf
