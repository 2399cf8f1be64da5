"""A body that arrives piece by piece, as lines of bounded length."""

from collections.abc import Iterator
from dataclasses import dataclass

LINE_BYTES = 1_000_000
"""Longest line, in bytes."""


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A line of the body: its number, from 1, and its bytes; `None` if it was too long to keep."""

    number: int
    body: bytes | None


class BulkLines:
    """Makes lines of the pieces in which a body arrives. Empty ones are counted, and left out."""

    def __init__(self) -> None:
        self._part = bytearray()
        self._too_long = False
        self._number = 1

    @property
    def number(self) -> int:
        """Number of the line that is still incomplete."""
        return self._number

    def feed(self, piece: bytes) -> Iterator[BulkLine]:
        """Yield the lines that a piece completes."""
        *ended, rest = piece.split(b"\n")
        for part in ended:
            self._add(part)
            yield from self.end()
        self._add(rest)

    def end(self) -> Iterator[BulkLine]:
        """Yield the line that is begun, if anything is on it."""
        line = BulkLine(self._number, None if self._too_long else bytes(self._part))
        self._part.clear()
        self._too_long = False
        self._number += 1
        if line.body is None or line.body.strip():
            yield line

    def _add(self, part: bytes) -> None:
        self._too_long = self._too_long or len(self._part) + len(part) > LINE_BYTES
        if self._too_long:
            self._part.clear()
        else:
            self._part += part
