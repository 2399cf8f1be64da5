"""Comments from a file or from standard input: JSONL, CSV, TSV or Parquet, in bounded memory."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from moderation.comment_files.columns import BadValueError, make_comment, read_fields
from moderation.comment_files.formats import FORMATS
from moderation.comment_files.mapping import check_columns, describe, parse_mapping, resolve
from moderation.comment_files.parquet import ParquetTable
from moderation.comment_files.readers import BadRow, Record
from moderation.comment_files.tables import TextTable, open_table
from moderation.domain import Comment

__all__ = ["FORMATS", "BadRow", "CommentSource", "GoodRow", "open_comments", "parse_mapping"]


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A comment, and the line where its row begins; in Parquet, the row; from 1."""

    line: int
    comment: Comment


class CommentSource:
    """The rows of one file, to be iterated once. Closes the file at the end of its `with` block.

    Attributes:
        name: the file's name without its folder, or `stdin`.
        columns: the columns that were found; of JSONL, those of the first rows.
        unit: what `done` and `total` count: `bytes`, of Parquet `rows`.
    """

    def __init__(
        self, name: str, table: TextTable | ParquetTable, *, mapping: Mapping[str, str], site: str | None
    ) -> None:
        self.name = name
        self.columns = table.columns
        self.unit = table.unit
        self._table = table
        self._mapping = mapping
        # the rows of a JSONL file have few different sets of keys
        self._resolve = lru_cache(maxsize=256)(partial(resolve, mapping=mapping))
        self._site = site or "default"

    @property
    def done(self) -> int:
        """How much was read."""
        return self._table.done

    @property
    def total(self) -> int | None:
        """How much there is to read; `None` where nobody knows."""
        return self._table.total

    def describe_mapping(self) -> str:
        """Say which column was taken for what: `text from 'body', external_id from 'id'; not used: 'x'`."""
        return describe(self.columns, self._mapping)

    def __iter__(self) -> Iterator[GoodRow | BadRow]:
        for record in self._table.rows(set(self._resolve(self.columns).values())):
            yield record if isinstance(record, BadRow) else self._row(record)

    def _row(self, record: Record) -> GoodRow | BadRow:
        try:
            fields = read_fields(record.cells, self._resolve(tuple(record.cells)))
        except BadValueError as error:
            return BadRow(record.line, str(error), record.raw)
        if "external_id" not in fields:
            fields["external_id"] = self._derived_id(record.line, fields)
        return GoodRow(record.line, make_comment(fields, site=self._site))

    def _derived_id(self, line: int, fields: Mapping[str, Any]) -> str:
        """Make an id that the same row of a file of the same name has again, so that a rerun goes on."""
        author = fields.get("author_id") or fields.get("author_name")
        key = json.dumps([self.name, line, fields["text"], author, fields.get("thread")])
        return f"row-{hashlib.sha256(key.encode()).hexdigest()[:16]}"

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self._table.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_comments(
    path: Path | None,
    *,
    format: str | None = None,  # noqa: A002 - the option's name
    mapping: Mapping[str, str] | None = None,
    site: str | None = None,
) -> CommentSource:
    """Open comments for reading; rows that can't be used come as `BadRow`, and reading goes on.

    Args:
        path: the file; `None` is standard input.
        format: one of `FORMATS`; told from the file's ending, else from its beginning, if `None`.
        mapping: the column of a field, as `parse_mapping` returned it, where its name doesn't tell.
        site: the site of rows that name none; `default` if `None`.

    Raises:
        InputFileError: there is no such file, it is empty or of no known format, or a column is missing.
        MissingExtraError: it is Parquet, and pyarrow is not installed.
    """
    mapping = mapping or {}
    table = open_table(path, mapping=mapping, wanted=format)
    try:
        if (
            table.columns or table.fixed
        ):  # JSONL without any: each of the first rows is bad, and will be reported
            check_columns(table.source, table.columns, mapping, fixed=table.fixed)
    except BaseException:
        table.close()
        raise
    return CommentSource(path.name if path else "stdin", table, mapping=mapping, site=site)
