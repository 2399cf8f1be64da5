"""Bytes and lines of a file or of standard input, in bounded memory."""

import codecs
import io
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from typing_extensions import override

from moderation.errors import InputFileError

MAX_ROW_BYTES = 2 * 1024 * 1024
"""The longest row that is read; of a longer one the rest is skipped. A 1 MB comment still passes."""

_CHUNK = 64 * 1024
_MAGIC_BYTES = 4
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


class Line(NamedTuple):
    """A line with its end: its number from 1, its bytes in UTF-8, and whether it was too long and cut."""

    number: int
    data: bytes
    cut: bool

    @property
    def text(self) -> str:
        """The line as text; bytes that are no UTF-8 become lone surrogates, and none is lost."""
        return self.data.decode("utf-8", "surrogateescape")


class ByteStream(io.RawIOBase):
    """A file or standard input, counting what was read.

    Attributes:
        name: what it is called in messages.
        magic: the first four bytes, fewer only if there are fewer; they will be read again.
        done: bytes read so far.
        total: bytes there are; `None` where nobody knows.
    """

    def __init__(self, file: IO[bytes], name: str, total: int | None) -> None:
        self._file = file
        self.name = name
        self.done = 0
        self.total = total
        self.magic = b""
        while len(self.magic) < _MAGIC_BYTES and (more := self._fetch(_MAGIC_BYTES - len(self.magic))):
            self.magic += more
        self._head = self.magic

    @override
    def readable(self) -> bool:
        """Tell `BufferedReader` that it can read."""
        return True

    @override
    def readinto(self, buffer: Any, /) -> int:
        """Read up to a buffer's length."""
        data = self._head[: len(buffer)] or self._fetch(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)

    def _fetch(self, size: int) -> bytes:
        try:
            data: bytes = self._file.read1(size)  # type: ignore[attr-defined]  # every buffered reader has it
        except OSError as error:
            raise InputFileError(
                f"{self.name}: reading failed after {self.done} bytes ({error.strerror})",
                hint="check the file or the disk, then run the same again: what was taken stays taken",
            ) from error
        self.done += len(data)
        return data

    @override
    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._file is not sys.stdin.buffer:
            self._file.close()
        super().close()


class _Utf16(io.RawIOBase):
    """UTF-16 as UTF-8. Halves of surrogate pairs and half a character become bytes that are no UTF-8.

    Not `codecs.EncodedFile`: it ends lines at U+2028 too, and gives up at half a character.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
        self._pending = b""
        self._ended = False

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any, /) -> int:
        while not self._pending and not self._ended:
            self._pending = self._decode(self._stream.read(_CHUNK) or b"")
        data, self._pending = self._pending[: len(buffer)], self._pending[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def _decode(self, data: bytes) -> bytes:
        self._ended = not data
        try:
            return self._decoder.decode(data, self._ended).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:  # the file ends within a character
            return b"\xff"


def open_stream(path: Path | None) -> ByteStream:
    """Open a file, or standard input for `None`.

    Raises:
        InputFileError: it can't be opened, or there is nothing in it.
    """
    name = str(path) if path else "standard input"
    file, total = (sys.stdin.buffer, None) if path is None else _open(path)
    stream = ByteStream(file, name, total)
    if not stream.magic:
        stream.close()
        raise InputFileError(f"{name}: is empty", hint="give a file with one comment a row")
    return stream


def _open(path: Path) -> tuple[IO[bytes], int | None]:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise InputFileError(
            f"{path}: no such file", hint="check the name; - reads standard input"
        ) from error
    except IsADirectoryError as error:
        raise InputFileError(f"{path}: is a folder", hint="give one of the files in it") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = getattr(error, "strerror", None) or "no usable name"
        raise InputFileError(f"{path}: can't be opened ({why})", hint="check its permissions") from error
    status = os.fstat(file.fileno())
    return file, status.st_size if stat.S_ISREG(status.st_mode) else None  # a pipe's size says nothing


def read_lines(stream: ByteStream) -> Iterator[Line]:
    """Yield a stream's lines, as UTF-8 without a byte order mark, whichever Unicode encoding it is in.

    Raises:
        InputFileError: it is in UTF-32, or reading fails.
    """
    if stream.magic.startswith(_UTF32_BOMS):
        raise InputFileError(
            f"{stream.name}: is in UTF-32", hint="convert it: iconv -f UTF-32 -t UTF-8 IN > OUT"
        )
    raw: io.RawIOBase = _Utf16(stream) if stream.magic.startswith(_UTF16_BOMS) else stream
    buffered = io.BufferedReader(raw, _CHUNK)
    number = 0
    while data := buffered.readline(MAX_ROW_BYTES + 1):
        number += 1
        cut = len(data) > MAX_ROW_BYTES
        rest = data
        while cut and rest and not rest.endswith(b"\n"):
            rest = buffered.readline(_CHUNK)
        yield Line(number, data.removeprefix(codecs.BOM_UTF8) if number == 1 else data, cut)
