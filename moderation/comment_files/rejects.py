"""Rows that could not be taken, kept so that they can be mended and submitted again."""

import os
from pathlib import Path
from typing import Any, Self

from moderation.comment_files.jsonlines import json_line
from moderation.comment_files.readers import BadRow
from moderation.errors import OutputFileError


class RejectsWriter:
    r"""Appends bad rows to a file as JSON Lines: `{"line": 7, "reason": …, "raw": …}`.

    The file is made when the first row comes. A line is written at once and whole, so that a run that
    is stopped leaves whole lines; the next run adds its own. Bytes that are no UTF-8 stand in `raw` as
    `\udc80`–`\udcff`, from which Python's `surrogateescape` makes the same bytes again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def write(self, row: BadRow) -> None:
        """Append a row.

        Raises:
            OutputFileError: the file can't be written to.
        """
        line = memoryview(json_line({"line": row.line, "reason": row.reason, "raw": _jsonable(row.raw)}))
        try:
            if self._file is None:
                self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as error:
            raise OutputFileError(
                f"{self.path}: can't be written to ({error.strerror})",
                hint="name another file for --rejects, or make room",
            ) from error

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _jsonable(raw: Any) -> Any:  # noqa: ANN401 - a row of any format
    return raw.decode("utf-8", "surrogateescape") if isinstance(raw, bytes) else raw
