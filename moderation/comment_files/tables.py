"""A file of rows, whatever its format: opened once for all who read rows of any columns."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import ClassVar

from moderation.comment_files.formats import (
    first_line,
    guess_format,
    known_format,
    read_header,
    refuse_binary,
    refuse_json_array,
)
from moderation.comment_files.parquet import ParquetTable
from moderation.comment_files.readers import BadRow, Record, read_csv, read_jsonl
from moderation.comment_files.streams import ByteStream, open_stream, read_lines
from moderation.errors import InputFileError

_FIRST_ROWS = 100  # of JSONL, to learn its columns


@dataclass(frozen=True, slots=True)
class TextTable:
    """The rows of a CSV, TSV or JSONL file, to be taken once.

    Attributes:
        source: what the file is called in messages.
        columns: names of its columns; of JSONL, those of the first rows.
        fixed: whether every row has these columns.
        unit: what `done` and `total` count.
    """

    source: str
    columns: tuple[str, ...]
    fixed: bool
    _stream: ByteStream
    _records: Iterator[Record | BadRow]
    unit: ClassVar = "bytes"

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self._stream.done

    @property
    def total(self) -> int | None:
        """Bytes there are; `None` where nobody knows."""
        return self._stream.total

    def rows(self, _columns: Collection[str] | None = None) -> Iterator[Record | BadRow]:
        """Return all rows; each has all its columns, as they can't be read without each other."""
        return self._records

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self._stream.close()


def open_table(
    path: Path | None, *, mapping: Mapping[str, str], wanted: str | None = None
) -> TextTable | ParquetTable:
    """Open a CSV, TSV, JSONL or Parquet file.

    Args:
        path: the file; `None` is standard input.
        mapping: columns of fields whose names don't tell: they help to tell the format.
        wanted: one of `FORMATS`; told from the file's ending, else from its beginning, if `None`.

    Raises:
        InputFileError: there is no such file, it is empty, or it is of no known format.
        MissingExtraError: it is Parquet, and pyarrow is not installed.
    """
    stream = open_stream(path)
    try:
        kind = known_format(stream, path, wanted)
        if kind != "parquet":
            return _open_text(stream, kind, mapping)
        return _open_parquet(stream, path)
    except BaseException:
        stream.close()
        raise


def _open_parquet(stream: ByteStream, path: Path | None) -> ParquetTable:
    if path is None or stream.total is None:
        raise InputFileError(
            "Parquet can't be read from a pipe: its index stands at its end",
            hint="save it as a file and give its name",
        )
    stream.close()
    return ParquetTable(path)


def _open_text(stream: ByteStream, kind: str | None, mapping: Mapping[str, str]) -> TextTable:
    source = stream.name
    lines = read_lines(stream)
    first = first_line(lines, source)
    refuse_binary(first, source)
    if kind is None:
        kind = guess_format(first, mapping, source)
    if kind == "jsonl":
        refuse_json_array(first, source)
        records, columns = _peek(read_jsonl(chain([first], lines)))
        return TextTable(source, columns, False, stream, records)  # noqa: FBT003 - each row has its own columns
    delimiter, columns = read_header(first, mapping, source, tabs=kind == "tsv")
    return TextTable(source, columns, True, stream, read_csv(lines, columns, delimiter))  # noqa: FBT003


def _peek(records: Iterator[Record | BadRow]) -> tuple[Iterator[Record | BadRow], tuple[str, ...]]:
    """Look at the first rows for their columns; the rows are all still to come."""
    first = list(islice(records, _FIRST_ROWS))
    columns = {column: None for record in first if isinstance(record, Record) for column in record.cells}
    return chain(first, records), tuple(columns)
