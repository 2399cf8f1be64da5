r"""Regular expressions of rules: RE2, so that no pattern is ever slow on any text.

RE2's own `\w`, `\d` and `\b` know ASCII only; what is part of a word, the words' boundaries say here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import re2

from moderation.rules.findings import Finding, refuse
from moderation.words.boundaries import same_script
from moderation.words.skeleton import is_mark

MAX_PATTERN = 5_000
"""Longest pattern, in characters: what is longer is a list of words."""

MAX_FOUND = 20
"""Places of one pattern or word that are kept; a moderator needs no more to see why."""

_MEMORY = 4 << 20  # bytes of each pattern's program; `(a{1000}){1000}` would take a gigabyte
_MAX_TRIES = 200  # places inside longer words that are passed over


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


def options(*, cased: bool) -> Any:  # noqa: ANN401 - re2 is untyped
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
    if not 0 <= outer < len(text) or not in_words(text[inner]):
        return False
    return is_mark(text[outer]) or (in_words(text[outer]) and same_script(text[inner], text[outer]))


def in_words(char: str) -> bool:
    """Whether a character is part of words: a letter, a digit, `_`, a mark on one of them."""
    return char.isalnum() or char == "_" or is_mark(char)


@lru_cache(maxsize=4096)
def pattern(text: str, where: Where, *, cased: bool) -> Pattern:
    """Compile a pattern.

    Raises:
        PydanticCustomError: RE2 can't read it, or it is too large; the finding says what is wrong with it.
    """
    if len(text) > MAX_PATTERN:
        raise refuse(
            Finding(
                f"a pattern of {len(text):,} characters is too long: {MAX_PATTERN:,} are the most",
                "write its alternatives as a list of words, without `(regex)`: that is faster too",
            )
        )
    before, after = _AROUND[where]
    chosen = options(cased=cased)
    try:
        re2.compile(text, chosen)  # alone first: errors are about what was written
        regex = re2.compile(f"{before}({text}){after}", chosen)
    except re2.error as error:
        raise refuse(_explained(_words(error), text)) from None
    except UnicodeEncodeError:
        raise refuse(Finding("half a character stands in this pattern", "delete it")) from None
    return Pattern(text, where, cased, regex)


def _words(error: Exception) -> str:
    (said,) = error.args
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _explained(error: str, text: str) -> Finding:
    """Say in plain words what RE2 refuses, and at which part of the pattern."""
    problem, _, part = error.partition(": ")
    part = part if part and part in text else ""
    for start, (message, hint) in _REFUSED.items():
        if part.startswith(start) or (not part and start in error):
            return Finding(message, hint, part=part)
    message, hint = _PROBLEMS.get(problem, (f"RE2 can't read this pattern: {error[:80]}", _COMPARE))
    return Finding(message, hint, part=part)


_COMPARE = "compare with https://github.com/google/re2/wiki/Syntax"
_SLOW = "patterns here are RE2, which is never slow on any text"
_LOOK = (f"a pattern can't look ahead or behind: {_SLOW}", "write a second condition, such as `~body#2`")
_REFUSED = {
    "(?=": _LOOK,
    "(?!": _LOOK,
    "(?<=": _LOOK,
    "(?<!": _LOOK,
    "(?<": ("this group has no name that RE2 can read", "write `(?P<name>…)`, or `(?:…)`"),
    "(?>": (f"a pattern has no atomic groups: {_SLOW}", "write `(?:…)`"),
    "++": (f"RE2 has no possessive repetition: {_SLOW}", "write `+`"),
    "*+": (f"RE2 has no possessive repetition: {_SLOW}", "write `*`"),
    "(?(": (f"a pattern has no conditions in it: {_SLOW}", "write two patterns as a list"),
    "(?#": ("a pattern has no comments in it", "write it as a YAML comment, after ` #`"),
    "(?x": ("a pattern can't be spread out with `(?x)`", "write it without the blanks"),
    "(?P": (f"a pattern can't refer back to a group: {_SLOW}", "write out what may stand there"),
    "\\p": ("RE2 knows no such class of characters", "write one such as `\\pL` or `\\p{Hangul}`"),
    "\\P": ("RE2 knows no such class of characters", "write one such as `\\PL` or `\\P{Hangul}`"),
    "[:": ("RE2 knows no such class of characters", "write one such as `[[:alpha:]]`"),
    "\\Z": ("`\\Z` is Python's; RE2 writes `\\z`", "write `\\z`, or `$`"),
    **{
        f"\\{number}": (f"a pattern can't refer back to a group: {_SLOW}", "write out what may stand there")
        for number in range(1, 10)
    },
}
_PROBLEMS = {
    "missing )": ("a `(` is never closed", "add `)`, or write `\\(` for the character"),
    "unexpected )": ("a `)` closes nothing", "delete it, or write `\\)` for the character"),
    "missing ]": ("a `[` is never closed", "add `]`, or write `\\[` for the character"),
    "no argument for repetition operator": (
        "nothing stands before this that could be repeated",
        "write what is repeated, or a backslash before the character",
    ),
    "bad repetition operator": ("one sign of repetition stands after another", "delete one of the two"),
    "invalid repetition size": (
        "this repeats more than 1000 times, nested repetitions multiplied, or counts backwards",
        "write smaller numbers, the smaller one first",
    ),
    "invalid escape sequence": ("this means nothing after a backslash", "delete the backslash"),
    "trailing \\": ("the pattern ends with a backslash", "write `\\\\` for the character"),
    "trailing \\ at end of regexp": ("the pattern ends with a backslash", "write `\\\\` for the character"),
    "invalid character class range": (
        "this range in `[ ]` is the wrong way round, or unknown",
        "write the smaller end first; for a `-` itself, put it last",
    ),
    "invalid character class": ("this is no class of characters", _COMPARE),
    "invalid named capture group": ("this name of a group is used twice, or no name", "write `(?:…)`"),
    "pattern too large - compile failed": (
        "this pattern needs too much memory",
        "repeat less: `{1,20}` inside `{1,20}` is four hundred times",
    ),
    "invalid perl operator": ("RE2 does not know this group", _COMPARE),
    "invalid group syntax": ("RE2 does not know this group", _COMPARE),
}
