"""Rows of JSONL and CSV, one at a time: a row that can't be read is a row, never the end."""

import csv
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.comment_files.streams import MAX_ROW_BYTES, Line

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_UTF8 = "the row holds bytes that are no text in the file's encoding"
_TOO_LONG = f"the row is longer than {MAX_ROW_BYTES // 1024**2} MiB; only its beginning was read"
_OPEN_QUOTE = "a quote is opened and never closed"
_INNER_QUOTE = "a quote inside a quoted field is not doubled"
_CARRIAGE_RETURN = "a carriage return stands in a field without quotes"
_INNER_RETURN = re.compile(r"\r(?=[^\n])")  # the end of a line is another thing


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it stands in the file: where it begins (from 1), its cells by column, and itself."""

    line: int
    cells: Mapping[str, Any]
    raw: str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be used.

    Attributes:
        line: the line where it begins; in Parquet, the row; from 1.
        reason: why, as a sentence without a full stop; never the comment's text.
        raw: the row as it stands in the file.
    """

    line: int
    reason: str
    raw: str | bytes | Mapping[str, Any]


def read_jsonl(lines: Iterator[Line]) -> Iterator[Record | BadRow]:
    """Yield the objects of a JSONL file; blank lines are left out."""
    for line in lines:
        if line.data.strip():
            yield _read_json(line)


def _read_json(line: Line) -> Record | BadRow:
    if line.cut:
        return BadRow(line.number, _TOO_LONG, line.data)
    try:
        text = line.data.decode()
    except UnicodeDecodeError:
        return BadRow(line.number, _NOT_UTF8, line.data)
    raw = text.rstrip("\r\n")
    try:
        value = json.loads(raw)
    except json.JSONDecodeError as error:
        return BadRow(line.number, f"the row is no JSON: {error.msg}, at character {error.colno}", raw)
    except (ValueError, RecursionError):  # a number of 5,000 digits; brackets 1,000 deep
        return BadRow(line.number, "the row is JSON beyond all bounds", raw)
    if not isinstance(value, dict):
        return BadRow(line.number, "the row is JSON, but no object", raw)
    return Record(line.number, flat_cells(value), raw)


def flat_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values inside an object names of their own: `{"author": {"id": 7}}` has `author.id`."""
    cells: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells.update((f"{name}.{inner}", innermost) for inner, innermost in value.items())
        else:
            cells[name] = value
    return cells


def read_csv(lines: Iterator[Line], header: Sequence[str], delimiter: str) -> Iterator[Record | BadRow]:
    """Yield the rows of a CSV after its header; blank lines are left out.

    After a row with broken quotes, reading goes on with the line after the row's first: a quote that
    is never closed costs one row, not the rest of the file.
    """
    source = _CsvLines(lines)
    csv.field_size_limit(MAX_ROW_BYTES + 1)  # rows have a bound already
    rows = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        source.begin()
        try:
            fields = next(rows)
        except StopIteration:
            return
        except csv.Error:
            reason = _OPEN_QUOTE if source.ended else _problem(source.taken, delimiter)
            first = source.retreat()
            yield BadRow(first.number, _TOO_LONG if first.cut else reason, first.text.rstrip("\r\n"))
            continue
        if fields:
            yield _read_fields(source.taken, fields, header)


def _read_fields(lines: Sequence[Line], fields: Sequence[str], header: Sequence[str]) -> Record | BadRow:
    number, raw = lines[0].number, "".join(line.text for line in lines).rstrip("\r\n")
    if any(line.cut for line in lines):
        return BadRow(number, _TOO_LONG, raw)
    if not raw.isascii() and _SURROGATE.search(raw):
        return BadRow(number, _NOT_UTF8, raw)
    if len(fields) != len(header):
        return BadRow(number, f"the row has {len(fields)} of {len(header)} fields", raw)
    return Record(number, dict(zip(header, fields, strict=True)), raw)


def _problem(lines: Sequence[Line], delimiter: str) -> str:
    """Tell the two faults in a row apart, of which csv's errors say only in words which it was: mend one, try again."""
    text = _INNER_RETURN.sub(delimiter, "".join(line.text for line in lines))
    try:
        list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return _INNER_QUOTE
    return _CARRIAGE_RETURN


class _CsvLines:
    """Feeds `csv.reader`, remembers the lines of the row being read, and can take them back.

    Attributes:
        taken: the lines of the row.
        ended: whether the reader asked for more of the row than there is or than may be read.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._returned: deque[Line] = deque()
        self._size = 0
        self.taken: list[Line] = []
        self.ended = False

    def begin(self) -> None:
        """Start a row."""
        self.taken = []
        self.ended = False
        self._size = 0

    def retreat(self) -> Line:
        """Give up the row: take back all its lines but the first, and return that one."""
        self._returned.extendleft(reversed(self.taken[1:]))
        return self.taken[0]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines, None)
        self._size += len(line.data) if line else 0
        if line and self.taken and self._size > MAX_ROW_BYTES:
            self._returned.appendleft(line)
            line = None
        if line is None:
            self.ended = True
            raise StopIteration  # for csv.reader the row ends here, perhaps with its quote still open
        self.taken.append(line)
        return line.text
