"""Stored comments with their decisions, written as JSON Lines, CSV or Parquet, row by row."""

import csv
import os
import re
from codecs import getwriter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from moderation.comment_files.jsonlines import json_line
from moderation.comment_files.parquet import PARQUET_NEEDS
from moderation.domain import ATTRIBUTES
from moderation.errors import OutputFileError
from moderation.extras import needing
from moderation.store import StoredComment

COLUMNS = (
    *("comment_id", "site", "external_id", "revision", "thread", "author_id", "text", "created_at"),
    *("action", "language", "scores", "rules", "shadow_rules", "received_at", "model", "ruleset"),
)
"""What is exported of a comment, in this order. In CSV and Parquet, `scores` is a column an attribute."""

_SCORES = {f"score_{attribute}": attribute for attribute in ATTRIBUTES}
_CELLS = [cell for name in COLUMNS for cell in (_SCORES if name == "scores" else (name,))]
_FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠]")  # by which a spreadsheet knows a formula
_NO_UTF8 = re.compile("[\ud800-\udfff]")
_ROWS_AT_ONCE = 4_096

ExportRow = Mapping[str, Any]
Writer = Callable[[Iterable[ExportRow], IO[bytes]], int]


def export_row(stored: StoredComment) -> dict[str, Any]:
    """Return a comment and its latest decision as one row, by `COLUMNS`."""
    comment, decision = stored.comment, stored.decision
    return {
        "comment_id": stored.id,
        "site": comment.site,
        "external_id": comment.external_id,
        "revision": comment.revision,
        "thread": comment.thread,
        "author_id": comment.author.id if comment.author else None,
        "text": comment.text,
        "created_at": comment.created_at,
        "action": decision.action.value,
        "language": decision.language.code,
        "scores": decision.scores,
        "rules": [reason.rule for reason in decision.reasons],
        "shadow_rules": [reason.rule for reason in decision.shadow],
        "received_at": stored.received_at,
        "model": decision.provenance.model,
        "ruleset": decision.provenance.ruleset,
    }


def write_export(rows: Iterable[ExportRow], target: Path | IO[bytes], *, format: str) -> int:  # noqa: A002 - the option's name
    """Write rows with the keys of `COLUMNS`, and return how many.

    A file is complete or not there at all: it gets its name when the last row is written.

    - jsonl: every text as it is; `scores` is an object, `rules` and `shadow_rules` are lists.
    - csv: UTF-8, RFC 4180. A cell that a spreadsheet would run as a formula (it starts with
      `= + - @`, a tab or a line end) gets a leading apostrophe. Lists are joined by semicolons.
      What CSV can't hold, NUL and halves of surrogate pairs, is replaced by U+FFFD.
    - parquet: with a schema of its own; halves of surrogate pairs are replaced by U+FFFD.

    Args:
        rows: what `export_row` returned; taken one by one.
        target: a file, which is replaced, or an open binary stream, which stays open.
        format: `jsonl`, `csv` or `parquet`.

    Raises:
        MissingExtraError: Parquet is wanted, and pyarrow is not installed.
        OutputFileError: the file can't be written, or the stream is a terminal and the format binary.
        BrokenPipeError: whoever read the stream has gone.
    """
    write = _WRITERS[format]
    if not isinstance(target, Path):
        if format == "parquet" and target.isatty():
            raise OutputFileError("Parquet is no text for a terminal", hint="name a file: --output FILE")
        count = write(rows, target)
        target.flush()
        return count
    with _replacing(target) as file:
        return write(rows, file)


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside the wanted one, which takes its name if all goes well."""
    final = path.resolve()
    special = final.exists() and not final.is_file()  # /dev/null, a named pipe: not to be replaced
    working = final if special else final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        with working.open("wb") as file:
            yield file
        if not special:
            working.replace(final)
    except OSError as error:
        raise OutputFileError(
            f"{path}: can't be written ({error.strerror or error})", hint="name another file, or make room"
        ) from error
    finally:
        if not special:
            working.unlink(missing_ok=True)


def _write_jsonl(rows: Iterable[ExportRow], file: IO[bytes]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        times = {key: row[key].isoformat() for key in ("created_at", "received_at") if row[key]}
        file.write(json_line({**row, **times}))
    return count


def _write_csv(rows: Iterable[ExportRow], file: IO[bytes]) -> int:
    count = 0
    writer = csv.DictWriter(getwriter("utf-8")(file), _CELLS, lineterminator="\r\n")
    writer.writeheader()
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        writer.writerow({key: _cell(value) for key, value in _spread(row).items()})
    return count


def _write_parquet(rows: Iterable[ExportRow], file: IO[bytes]) -> int:
    with needing("parquet", PARQUET_NEEDS):
        import pyarrow as pa  # noqa: PLC0415 - half a second, and only for Parquet
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

    kinds = {
        **dict.fromkeys(("comment_id", "revision"), pa.int64()),
        **dict.fromkeys(("created_at", "received_at"), pa.timestamp("us", "UTC")),
        **dict.fromkeys(_SCORES, pa.float64()),
        **dict.fromkeys(("rules", "shadow_rules"), pa.list_(pa.string())),
    }
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in _CELLS])
    remaining = iter(rows)
    count = 0
    with ParquetWriter(file, schema) as writer:
        while batch := [_storable(row) for row in islice(remaining, _ROWS_AT_ONCE)]:
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


_WRITERS: dict[str, Writer] = {"jsonl": _write_jsonl, "csv": _write_csv, "parquet": _write_parquet}


def _spread(row: ExportRow) -> dict[str, Any]:
    """Make a column of each score."""
    cells: dict[str, Any] = {}
    for name in COLUMNS:
        if name == "scores":
            cells.update((column, row["scores"].get(attribute)) for column, attribute in _SCORES.items())
        else:
            cells[name] = row[name]
    return cells


def _cell(value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    if isinstance(value, list):
        value = ";".join(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    text = _NO_UTF8.sub("\ufffd", value).replace("\0", "\ufffd")
    return f"'{text}" if _FORMULA.match(text) else text


def _storable(row: ExportRow) -> dict[str, Any]:
    return {
        name: _NO_UTF8.sub("\ufffd", value) if isinstance(value, str) else value
        for name, value in _spread(row).items()
    }
