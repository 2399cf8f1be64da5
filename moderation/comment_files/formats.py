"""What kind of file it is, told from its name and its first line."""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from moderation.comment_files.mapping import resolve
from moderation.comment_files.streams import ByteStream, Line
from moderation.errors import InputFileError

FORMATS = ("jsonl", "csv", "tsv", "parquet")
"""What `--format` may be."""

_EXTENSIONS = {
    ".csv": "csv",
    ".json": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".tab": "tsv",
    ".tsv": "tsv",
}
_DELIMITERS = ",;\t|"
_PARQUET = b"PAR1"
_MAGIC = {
    _PARQUET: "Parquet",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"SQLite format 3\0": "an SQLite database",
    b"%PDF": "PDF",
}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FEW_CONTROLS = 3
_BINARY_SHARE = 0.05  # random bytes: 0.11; UTF-16 without a byte order mark: 0.5
_JSON_ARRAY = re.compile(rb"\s*\[\s*(\{|$)")


def known_format(stream: ByteStream, path: Path | None, wanted: str | None) -> str | None:
    """Return the format that was asked for, else the one that the file's ending or first bytes tell.

    Raises:
        InputFileError: there is no format of that name.
    """
    if wanted is not None and wanted not in FORMATS:
        raise InputFileError(f"there is no format {wanted!r}", hint=f"the formats are {', '.join(FORMATS)}")
    if wanted or stream.magic != _PARQUET:
        return wanted or _EXTENSIONS.get(path.suffix.lower() if path else "")
    return "parquet"


def first_line(lines: Iterator[Line], source: str) -> Line:
    """Return the first line that is not blank.

    Raises:
        InputFileError: there is none.
    """
    for line in lines:
        if line.data.strip():
            return line
    raise InputFileError(f"{source}: is empty", hint="give a file with one comment a row")


def refuse_binary(first: Line, source: str) -> None:
    """Refuse what is no text.

    Raises:
        InputFileError: the file is binary, or UTF-16 that doesn't say so.
    """
    for start, kind in _MAGIC.items():
        if first.data.startswith(start):
            hint = "name it: --format parquet" if start == _PARQUET else "unpack or export it as CSV or JSONL"
            raise InputFileError(f"{source}: is {kind}, and no text", hint=hint)
    controls = len(_CONTROLS.findall(first.data))
    if controls > max(_FEW_CONTROLS, _BINARY_SHARE * len(first.data)):
        raise InputFileError(
            f"{source}: is a binary file, or text in UTF-16 without a byte order mark",
            hint="export it as CSV or JSONL in UTF-8; or convert it: iconv -f UTF-16LE -t UTF-8 IN > OUT",
        )


def refuse_json_array(first: Line, source: str) -> None:
    """Refuse a JSON document that holds all comments at once.

    Raises:
        InputFileError: it is one.
    """
    if _JSON_ARRAY.match(first.data):
        raise InputFileError(
            f"{source}: is one JSON array, not one JSON object a line",
            hint="convert it: jq -c '.[]' IN > OUT.jsonl",
        )


def guess_format(first: Line, mapping: Mapping[str, str], source: str) -> str:
    """Tell the format from a first line.

    Raises:
        InputFileError: it doesn't tell.
    """
    if first.data.lstrip().startswith((b"{", b"[")):
        return "jsonl"
    if any("text" in resolve(names, mapping) for names in _headers(first, _DELIMITERS).values()):
        return "csv"
    raise InputFileError(
        f"{source}: neither its name nor its first line tells what format it is in",
        hint=f"say it: --format {' | '.join(FORMATS)}",
    )


def read_header(
    first: Line, mapping: Mapping[str, str], source: str, *, tabs: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter and the column names of a CSV: the delimiter that gives most known columns.

    Args:
        first: its first line.
        mapping: the columns that are known besides those with common names.
        source: the file's name, for messages.
        tabs: whether the delimiter is known to be a tab.

    Raises:
        InputFileError: the first line can't be read as names of columns.
    """
    headers = _headers(first, "\t" if tabs else _DELIMITERS)
    if not headers or first.cut:
        raise InputFileError(
            f"{source}: line {first.number} can't be read as the names of columns",
            hint="the first line must name the columns, in UTF-8; save the file as CSV UTF-8",
        )
    best = max(headers, key=lambda d: (len(resolve(headers[d], mapping)), len(headers[d])))
    return best, headers[best]


def _headers(first: Line, delimiters: str) -> dict[str, tuple[str, ...]]:
    """Return the names that each delimiter gives; none where a line is no UTF-8 or has broken quotes."""
    found: dict[str, tuple[str, ...]] = {}
    for delimiter in delimiters:
        try:
            (names,) = csv.reader([first.data.decode()], delimiter=delimiter, strict=True)
        except (UnicodeDecodeError, csv.Error):
            continue
        found[delimiter] = tuple(name.strip() for name in names)
    return found
