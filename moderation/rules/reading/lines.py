"""Places in a text: lines and columns of offsets."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of one line; line and column count from 0 here."""

    line: int
    column: int
    length: int = 1


class Lines:
    """A text by lines that end in a line feed.

    ruamel's own line numbers depend on the YAML version, and its columns skip some characters: its offsets
    are what places are taken from.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)][:-1]

    def __getitem__(self, number: int) -> str:
        return self._lines[number]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def mark(self, start: int, end: int | None = None) -> Mark:
        """Place an offset; of a stretch, length 0 says that it goes beyond its first line."""
        line = bisect_right(self._starts, start) - 1
        column = start - self._starts[line]
        if end is None:
            return Mark(line, column)
        return Mark(line, column, end - start if column + end - start <= len(self._lines[line]) else 0)
