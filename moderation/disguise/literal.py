"""Finds entries of lists that are more than words, as they are written: `C#`, `24/7`, `don't vote`, `bit.ly`, 🖕.

Without its signs such an entry would be another one, and often an everyday word. So it is found with all of them, in
small letters or capitals, and never disguised.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import ahocorasick

from moderation.disguise import skeleton
from moderation.disguise.boundaries import glued_together
from moderation.disguise.english import word_costs
from moderation.text import normalise

_INNER_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_JOINS = frozenset("-_‐‑–")  # between the parts of a word, where people write them or not: `self-harm`
_LETTERS = frozenset("$@!|+")  # that stand for letters inside a word: `sh!t`, `a$$`
_CLINGS = frozenset(".#@&/+")  # to a word: `.net` is not in asp.net, nor `C#` in C#7

T = TypeVar("T")


def is_literal(entry: str) -> bool:
    """Whether an entry has signs that make it what it is; not joints (`self-harm`) and signs for letters (`sh!t`)."""
    if entry.isascii() and entry.replace(" ", "").isalnum():  # as most are: a long list is read more quickly
        return False
    text = normalise(entry).text
    if _is_spelled_out(text):
        return False
    return any(
        not _counts(char) and char not in _JOINS and not (char in _LETTERS and 0 < place < len(word) - 1)
        for word in text.split()
        for place, char in enumerate(word.rstrip("$"))
    )


def is_contraction(entry: str) -> bool:
    """Whether it only has apostrophes inside words that are no others without: `don't` and `o'brien`, not `we'll`."""
    text = normalise(entry).text
    changed = [_INNER_APOSTROPHE.sub("", word).lower() for word in text.split() if "'" in word]
    bare = _INNER_APOSTROPHE.sub("", text).replace(" ", "")
    return all(map(_counts, bare)) and all(
        word.endswith("nt") or word not in word_costs() for word in changed
    )


def _counts(char: str) -> bool:
    return skeleton.is_letter(char) or char.isalnum() or unicodedata.category(char).startswith("M")


def _is_spelled_out(text: str) -> bool:
    """Whether it is a word whose letters have signs between them: `f.u.c.k`."""
    parts = "".join(char if _counts(char) else " " for char in text).split()
    return len(parts) > 2 and all(len(part) == 1 and part.isalpha() for part in parts)  # noqa: PLR2004


class LiteralEntries(Generic[T]):
    """Entries as they are written, ready to be looked for; whatever belongs to each comes back.

    Args:
        entries: of each its text, whether it may be the end and the beginning of something longer, and what belongs
            to it.
    """

    def __init__(self, entries: Iterable[tuple[str, bool, bool, T]]) -> None:
        self._entries: dict[str, list[tuple[bool, bool, T]]] = {}
        for text, open_start, open_end, item in entries:
            key = _small(" ".join(normalise(text).text.split()))
            self._entries.setdefault(key, []).append((open_start, open_end, item))
        self._automaton = ahocorasick.Automaton()
        for key in self._entries:
            self._automaton.add_word(key, key)
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[T, int, int]]:
        """Yield what belongs to each entry that stands in a normalised text, and where: linear in its length."""
        if not self._entries:
            return
        for last, key in self._automaton.iter(_small(text)):
            start, end = last + 1 - len(key), last + 1
            for open_start, open_end, item in self._entries[key]:
                if (open_start or _free(text, start, start - 1)) and (open_end or _free(text, end - 1, end)):
                    yield item, start, end


def _free(text: str, inner: int, outer: int) -> bool:
    """Whether an edge of a stretch is none inside a word."""
    if not 0 <= outer < len(text):
        return True
    if text[inner] in _CLINGS:
        return not (text[outer].isascii() and text[outer].isalnum())
    return not (_counts(text[inner]) and glued_together(text, inner, outer))


def _small(text: str) -> str:
    """In small letters, place by place."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(char.lower()[:1] for char in text)
