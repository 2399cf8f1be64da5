r"""Regular expressions of rules: RE2, so that no pattern is ever slow on any text.

RE2's own `\w`, `\d` and `\b` know ASCII only; what is part of a word, the words' boundaries say here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import re2

from moderation.disguise.boundaries import same_script
from moderation.disguise.skeleton import is_mark
from moderation.rules.conditions.refusals import explain_refusal
from moderation.rules.reading.faults import Fault, refuse

MAX_PATTERN = 5_000
"""Longest pattern, in characters: what is longer is a list of words."""

MAX_FOUND = 20
"""Places of one pattern or word that are kept; a moderator needs no more to see why."""

_MEMORY = 4 << 20  # bytes of each pattern's program; `(a{1000}){1000}` would take a gigabyte
_MAX_TRIES = 200  # places inside longer words that are passed over
_PROBES = ("", "a", " ", "a a", "\n", "가", "1")  # each has other borders, for `\b`, `$` and the like
_EMPTY_ALTERNATIVE = re2.compile(r"^\||\|$|\|\||\(\||\|\)|\(\?:\|")


class Where(StrEnum):
    """Where in a field something must stand, by AutoModerator's names."""

    WORD = "includes-word"
    ANYWHERE = "includes"
    START = "starts-with"
    END = "ends-with"
    EXACT = "full-exact"
    ALONE = "full-text"


_NOT_A_WORD = r"[^\pL\pM\pN_]"
_AROUND = {
    Where.WORD: (rf"(?:\A|{_NOT_A_WORD}|\b)", rf"(?:\z|{_NOT_A_WORD}|\b)"),
    Where.ANYWHERE: ("", ""),
    Where.START: (r"\A", ""),
    Where.END: ("", r"\z"),
    Where.EXACT: (r"\A", r"\z"),
    Where.ALONE: (rf"\A{_NOT_A_WORD}*", rf"{_NOT_A_WORD}*\z"),
}
_ANCHORED = frozenset({Where.START, Where.END, Where.EXACT, Where.ALONE})


def re2_options(*, cased: bool) -> Any:  # noqa: ANN401 - re2 is untyped
    """Return RE2's options for a pattern of a rule."""
    chosen = re2.Options()
    chosen.case_sensitive = cased
    chosen.dot_nl = True  # as in AutoModerator
    chosen.max_mem = _MEMORY
    chosen.log_errors = False  # a user's mistake is shown with its place, not on stderr
    return chosen


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that must stand somewhere in a field."""

    text: str
    where: Where
    cased: bool
    _regex: Any

    def may_be_in(self, encoded: bytes) -> bool:
        """Whether the pattern is in a text, in UTF-8; of words, whether it may be."""
        return self._regex.search(encoded) is not None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where it stands in a text without lone surrogates, at most `MAX_FOUND` times."""
        position = found = 0
        for _ in range(_MAX_TRIES):
            match = self._regex.search(text, position)
            if match is None:
                return
            start, end = match.span(1)
            if self.where is not Where.WORD or is_word(text, start, end):
                yield start, end
                found += 1
                position = max(end, start + 1)
            else:
                position = start + 1
            if found == MAX_FOUND or self.where in _ANCHORED or position > len(text):
                return


def is_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch is no part of a longer word on either side."""
    return start == end or not (_glued(text, start, start - 1) or _glued(text, end - 1, end))


def _glued(text: str, inner: int, outer: int) -> bool:
    if not 0 <= outer < len(text) or not is_word_character(text[inner]):
        return False
    return is_mark(text[outer]) or (is_word_character(text[outer]) and same_script(text[inner], text[outer]))


def is_word_character(char: str) -> bool:
    """Whether a character is part of words: a letter, a digit, `_`, a mark on one of them."""
    return char.isalnum() or char == "_" or is_mark(char)


@lru_cache(maxsize=4096)
def compile_pattern(text: str, where: Where, *, cased: bool) -> Pattern:
    """Compile a pattern.

    Raises:
        PydanticCustomError: RE2 can't read it, or it is too large; the fault says what is wrong with it.
    """
    if len(text) > MAX_PATTERN:
        raise refuse(
            Fault(
                f"a pattern of {len(text):,} characters is too long: {MAX_PATTERN:,} are the most",
                "write its alternatives as a list of words, without `(regex)`: that is faster too",
            )
        )
    before, after = _AROUND[where]
    chosen = re2_options(cased=cased)
    try:
        alone = re2.compile(text, chosen)  # first: errors are about what was written
        regex = re2.compile(f"{before}({text}){after}", chosen)
    except re2.error as error:
        raise refuse(explain_refusal(error, text)) from None
    except UnicodeEncodeError:
        raise refuse(Fault("half a character stands in this pattern", "delete it")) from None
    if any(_finds_nothing(alone, probe) for probe in _PROBES):
        raise refuse(_matches_nothing(text))
    return Pattern(text, where, cased, regex)


def _finds_nothing(regex: Any, probe: str) -> bool:  # noqa: ANN401 - re2 is untyped
    """Whether a pattern finds a place of no length in a text: then it finds one in every text like it."""
    return any(match.start() == match.end() for match in regex.finditer(probe))


def _matches_nothing(text: str) -> Fault:
    hint = "write `+` for `*`, and no `?` after all that there is"
    if _EMPTY_ALTERNATIVE.search(text):
        hint = "delete the `|` that has nothing on one side"
    return Fault("this pattern is also found where nothing stands, so it would fire on any comment", hint)
