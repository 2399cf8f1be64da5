"""What stays of a text when case, marks, look-alikes, leet, separators and stretching are taken away.

Two texts with different skeletons can't be the same word in disguise; two with the same skeleton
may be. So one automaton over skeletons finds the few candidates that `moderation.disguise.spelling` then
reads letter by letter.
"""

import re
from functools import lru_cache
from itertools import pairwise

import regex

from moderation.text.lookalikes import ARABIC, EVERYDAY, LOOKALIKES, without_marks

GAP = " "
"""Stands in a row of classes for everything that is no part of a word."""

LEET = {
    "0": "o",
    "1": "il",
    "2": "z",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "!": "il",
    "¡": "i",
    "|": "il",
    "+": "t",
    "€": "e",
    "£": "l",
    "¢": "c",
    "©": "c",
}
"""Digits and symbols with the letters that people write them for, the likeliest first. The only such table."""

_SAME_CLASS = {"l": "i"}  # `1` may be either, so a skeleton can't tell them apart
_MARK = regex.compile(r"[\p{M}&&\p{Script=Inherited}]", regex.V1)  # accents; vowel signs have a script
_VOWEL_SIGN = regex.compile(r"\p{M}")
_TATWEEL = "\u0640"  # makes an Arabic word longer, and is no letter of it
MAX_REMEMBERED = 65_536  # characters: hostile text must not fill the memory
_DOUBLED = re.compile(r"(.)\1+")
_LEET_INSIDE_WORD = re.compile(rf"(?<=[^\W\d_])[{re.escape(''.join(LEET))}6]+(?=[^\W\d_])")


@lru_cache(maxsize=MAX_REMEMBERED)
def letter(char: str) -> str:
    """Letter that a letter is read as: lower case, without marks, Latin if it looks Latin."""
    plain = own_letter(char)
    return _lower(LOOKALIKES.get(without_marks(char), plain))


@lru_cache(maxsize=MAX_REMEMBERED)
def own_letter(char: str) -> str:
    """Return the letter itself: lower case, without marks."""
    return _lower(ARABIC.get(char, without_marks(char)))


@lru_cache(maxsize=MAX_REMEMBERED)
def readings(char: str) -> str:
    """Every letter that a character may stand for in a disguised word; none for a separator."""
    if char in LEET:
        return char + LEET[char]
    return letter(char) if is_letter(char) else ""


@lru_cache(maxsize=MAX_REMEMBERED)
def is_letter(char: str) -> bool:
    """Whether a character is part of a word: a letter, a digit, a vowel sign."""
    if char == _TATWEEL:
        return False
    return char.isalnum() or char in LOOKALIKES or (_VOWEL_SIGN.match(char) is not None and not is_mark(char))


@lru_cache(maxsize=MAX_REMEMBERED)
def is_mark(char: str) -> bool:
    """Whether a character sits on the one before it and changes nothing about what is read."""
    return char == _TATWEEL or _MARK.match(char) is not None


def is_disguise(char: str) -> bool:
    """Whether a character is a look-alike that hardly anybody writes for any other reason."""
    plain = without_marks(char)
    return plain in LOOKALIKES and plain not in EVERYDAY


def classes(text: str, *, leet: bool = True) -> str:
    """Replace each character by one that stands for all that can be read alike, separators by `GAP`.

    Args:
        text: normalised text.
        leet: whether leet characters are letters; else they are separators, as in `f1u1c1k`.
    """
    return text.translate(_LEET_AS_LETTERS if leet else _LEET_AS_GAPS)


def squeezed(row: str) -> str:
    """Skeleton of a row of classes: no gaps, and each run of a class once."""
    return _DOUBLED.sub(r"\1", row.replace(GAP, ""))


def run_starts(row: str) -> list[int]:
    """Where each character of the skeleton starts in its row of classes."""
    letters = [index for index, char in enumerate(row) if char != GAP]
    return letters[:1] + [index for before, index in pairwise(letters) if row[index] != row[before]]


def has_leet_inside_word(text: str) -> bool:
    """Whether leet characters stand between letters, where they may be separators just as well."""
    return _LEET_INSIDE_WORD.search(text) is not None


def _lower(char: str) -> str:
    folded = char.casefold()
    return folded if len(folded) == 1 else char


class _Classes(dict[int, str | None]):
    """A table for `str.translate` that fills itself."""

    def __init__(self, *, leet: bool) -> None:
        super().__init__()
        self._leet = leet

    def __missing__(self, code: int) -> str:
        char = chr(code)
        found = readings(char)[-1:] if self._leet or char not in LEET else ""
        found = _SAME_CLASS.get(found, found) or GAP
        if len(self) < MAX_REMEMBERED:
            self[code] = found
        return found


_LEET_AS_LETTERS = _Classes(leet=True)
_LEET_AS_GAPS = _Classes(leet=False)
