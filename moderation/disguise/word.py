"""An entry of a word list, as the letters that are looked for."""

from dataclasses import dataclass
from typing import NamedTuple

_STRETCHED = 3  # letters in a row that nobody writes by the rules


class LetterRun(NamedTuple):
    """A letter of an entry, how often it comes in a row, and whether a new word starts with it."""

    letter: str
    times: int
    new_word: bool = False

    @property
    def enough(self) -> int:
        """How many in a row are this run stretched; more make no difference."""
        return max(_STRETCHED, self.times + 1)

    def filled_by(self, count: int) -> bool:
        """Whether so many letters in a row are this run, as it is or stretched."""
        return count == self.times or count >= self.enough


@dataclass(frozen=True, slots=True)
class Word:
    """An entry as runs of letters.

    Attributes:
        runs: its letters, read as `skeleton.letter` reads them.
        own: its letters as they are.
        open_start: whether letters may come before it.
        open_end: whether letters may come after it.
    """

    runs: tuple[LetterRun, ...]
    own: frozenset[str]
    open_start: bool
    open_end: bool

    @property
    def letters(self) -> int:
        """How many letters it has."""
        return sum(run.times for run in self.runs)

    @property
    def stands_in_runs(self) -> bool:
        """Whether it is found inside a run of letters: two or more with Chinese characters, which need no spaces."""
        return self.letters > 1 and any("\u3400" <= char <= "\u9fff" for char in self.own)
