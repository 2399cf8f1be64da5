"""Comments from a file or from standard input: JSONL, CSV, TSV or Parquet, in bounded memory."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from moderation.comment_files.columns import BadValueError, make_comment, read_fields
from moderation.comment_files.formats import (
    FORMATS,
    first_line,
    guess_format,
    known_format,
    read_header,
    refuse_binary,
    refuse_json_array,
)
from moderation.comment_files.mapping import check_columns, describe, parse_mapping, resolve
from moderation.comment_files.parquet import ParquetTable
from moderation.comment_files.readers import BadRow, Record, read_csv, read_jsonl
from moderation.comment_files.streams import ByteStream, open_stream, read_lines
from moderation.domain import Comment
from moderation.errors import InputFileError

__all__ = ["FORMATS", "BadRow", "CommentSource", "Row", "open_comments", "parse_mapping"]

_FIRST_ROWS = 100  # of JSONL, to learn its columns


@dataclass(frozen=True, slots=True)
class Row:
    """A comment, and the line where its row begins; in Parquet, the row; from 1."""

    line: int
    comment: Comment


class _Counter(Protocol):
    """What is read from."""

    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int | None: ...
    def close(self) -> None: ...


class CommentSource:
    """The rows of one file, to be iterated once. Closes the file at the end of its `with` block.

    Attributes:
        name: the file's name without its folder, or `stdin`.
        columns: the columns that were found; of JSONL, those of the first rows.
        unit: what `done` and `total` count: `bytes`, of Parquet `rows`.
    """

    def __init__(
        self,
        name: str,
        records: Iterator[Record | BadRow],
        counter: _Counter,
        *,
        columns: tuple[str, ...],
        mapping: Mapping[str, str],
        site: str | None,
        unit: str = "bytes",
    ) -> None:
        self.name = name
        self.columns = columns
        self._records = records
        self._counter = counter
        self._mapping = mapping
        # the rows of a JSONL file have few different sets of keys
        self._resolve = lru_cache(maxsize=256)(partial(resolve, mapping=mapping))
        self._site = site or "default"
        self.unit = unit

    @property
    def done(self) -> int:
        """How much was read."""
        return self._counter.done

    @property
    def total(self) -> int | None:
        """How much there is to read; `None` where nobody knows."""
        return self._counter.total

    def describe_mapping(self) -> str:
        """Say which column was taken for what: `text from 'body', external_id from 'id'; not used: 'x'`."""
        return describe(self.columns, self._mapping)

    def __iter__(self) -> Iterator[Row | BadRow]:
        for record in self._records:
            yield record if isinstance(record, BadRow) else self._row(record)

    def _row(self, record: Record) -> Row | BadRow:
        try:
            fields = read_fields(record.cells, self._resolve(tuple(record.cells)))
        except BadValueError as error:
            return BadRow(record.line, str(error), record.raw)
        if "external_id" not in fields:
            fields["external_id"] = self._derived_id(record.line, fields)
        return Row(record.line, make_comment(fields, site=self._site))

    def _derived_id(self, line: int, fields: Mapping[str, Any]) -> str:
        """Make an id that the same row of a file of the same name has again, so that a rerun goes on."""
        author = fields.get("author_id") or fields.get("author_name")
        key = json.dumps([self.name, line, fields["text"], author, fields.get("thread")])
        return f"row-{hashlib.sha256(key.encode()).hexdigest()[:16]}"

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self._counter.close()

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
    """
    stream = open_stream(path)
    try:
        return _open(stream, path, format, mapping=mapping or {}, site=site)
    except BaseException:
        stream.close()
        raise


def _open(
    stream: ByteStream, path: Path | None, wanted: str | None, *, mapping: Mapping[str, str], site: str | None
) -> CommentSource:
    source = stream.name
    name = path.name if path else "stdin"
    kind = known_format(stream, path, wanted)
    if kind == "parquet":
        return _open_parquet(stream, path, mapping=mapping, site=site)
    lines = read_lines(stream)
    first = first_line(lines, source)
    refuse_binary(first, source)
    if kind is None:
        kind = guess_format(first, mapping, source)
    if kind == "jsonl":
        refuse_json_array(first, source)
        records, columns = _peek(read_jsonl(chain([first], lines)))
    else:
        delimiter, columns = read_header(first, mapping, source, tabs=kind == "tsv")
        records = read_csv(lines, columns, delimiter)
    if columns:  # none at all: every one of the first rows is bad, and will be reported
        check_columns(source, columns, mapping, fixed=kind != "jsonl")
    return CommentSource(name, records, stream, columns=columns, mapping=mapping, site=site)


def _open_parquet(
    stream: ByteStream, path: Path | None, *, mapping: Mapping[str, str], site: str | None
) -> CommentSource:
    if path is None or stream.total is None:
        raise InputFileError(
            "Parquet can't be read from a pipe: its index stands at its end",
            hint="save it as a file and give its name",
        )
    stream.close()
    table = ParquetTable(path)
    try:
        check_columns(str(path), table.columns, mapping, fixed=True)
    except InputFileError:
        table.close()
        raise
    rows = table.rows(set(resolve(table.columns, mapping).values()))
    return CommentSource(
        path.name, rows, table, columns=table.columns, mapping=mapping, site=site, unit="rows"
    )


def _peek(records: Iterator[Record | BadRow]) -> tuple[Iterator[Record | BadRow], tuple[str, ...]]:
    """Look at the first rows for their columns; the rows are all still to come."""
    first = list(islice(records, _FIRST_ROWS))
    columns = {column: None for record in first if isinstance(record, Record) for column in record.cells}
    return chain(first, records), tuple(columns)
