"""Tables of any columns, read row by row: labelled comments for `moderation evaluate`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

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
from moderation.comment_files.streams import open_stream, read_lines


@contextmanager
def open_table(path: Path, mapping: Mapping[str, str]) -> Iterator[Iterator[Record | BadRow]]:
    """Open a CSV, JSONL or Parquet file; every column of it comes with each row.

    Args:
        path: the file.
        mapping: the column that holds the text, where that isn't `text`: it helps to tell the format.

    Raises:
        InputFileError: there is no such file, it is empty, or it is of no known format.
    """
    stream = open_stream(path)
    try:
        kind = known_format(stream, path, None)
        if kind == "parquet":
            table = ParquetTable(path)
            try:
                yield table.rows(set(table.columns))
            finally:
                table.close()
            return
        lines = read_lines(stream)
        first = first_line(lines, stream.name)
        refuse_binary(first, stream.name)
        kind = kind or guess_format(first, mapping, stream.name)
        if kind == "jsonl":
            refuse_json_array(first, stream.name)
            yield read_jsonl(chain([first], lines))
        else:
            delimiter, columns = read_header(first, mapping, stream.name, tabs=kind == "tsv")
            yield read_csv(lines, columns, delimiter)
    finally:
        stream.close()
