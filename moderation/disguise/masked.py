"""Finds words of lists that have some letters masked: `f**k`, `b*tch`, `f#ck`, `n****r`.

A word counts as masked if as many signs stand in it as letters are left out, the first and the last letter are
there, and it has four letters or more. Stars may mask all between; of other signs one masks a vowel (`f#ck`,
`sh-t`), and several of `#@$%&!` any letters (`f@#k`).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from moderation.disguise.boundaries import is_alphabetic
from moderation.disguise.skeleton import letter, readings
from moderation.disguise.word import Word

_SHORTEST, _LONGEST = 4, 24  # letters
_STAR = "*"
_GRAWLIX = frozenset("#@$%&!*")
_MASKS = _GRAWLIX | frozenset("?_-")
_SIGNS = re.escape("".join(sorted(_MASKS)))
_TOKEN = re.compile(rf"(?<![^\W_])[^\W_]++(?:[{_SIGNS}]++[^\W_]++)++")
_GROUP = re.compile(rf"[{_SIGNS}]+")
_VOWELS = frozenset("aeiouy")

T = TypeVar("T")


class MaskedWords(Generic[T]):
    """Words of one word each, ready to be looked for in masked form; whatever belongs to each comes back."""

    def __init__(self, words: Iterable[tuple[Word, T]]) -> None:
        self._words: dict[tuple[str, str, int], list[tuple[str, Word, T]]] = {}
        self._open_start = self._open_end = False
        for word, item in words:
            letters = "".join(run.letter * run.times for run in word.runs)
            if any(run.new_word for run in word.runs) or not _SHORTEST <= len(letters) <= _LONGEST:
                continue
            if all(char.isalpha() and is_alphabetic(char) for char in letters):
                key = letters[0], letters[-1], len(letters)
                self._words.setdefault(key, []).append((letters, word, item))
                self._open_start |= word.open_start
                self._open_end |= word.open_end

    def find(self, text: str) -> Iterator[tuple[T, int, int]]:
        """Yield what belongs to each word that is masked in a normalised text, and where: linear in its length."""
        if not self._words:
            return
        for found in _TOKEN.finditer(text):
            token = found[0]
            if len(token) > 2 * _LONGEST:
                continue
            letters = "".join(map(letter, token))
            for start, end in self._stretches(token):
                for wanted, word, item in self._words.get(
                    (letters[start], letters[end - 1], end - start), ()
                ):
                    bounded = (word.open_start or _bounded(token, start - 1)) and (
                        word.open_end or _bounded(token, end)
                    )
                    if bounded and _is_masked(token[start:end], wanted):
                        yield item, found.start() + start, found.start() + end

    def _stretches(self, token: str) -> Iterator[tuple[int, int]]:
        """Where a word may start and end around each group of signs."""
        starts = [at for at in range(len(token)) if self._open_start or _bounded(token, at - 1)]
        ends = [at for at in range(1, len(token) + 1) if self._open_end or _bounded(token, at)]
        groups = [group.span() for group in _GROUP.finditer(token)]
        for start in starts:
            for end in ends:
                if _SHORTEST <= end - start <= _LONGEST and any(
                    start < first and last < end for first, last in groups
                ):
                    yield start, end


def _bounded(token: str, at: int) -> bool:
    return not 0 <= at < len(token) or token[at] in _MASKS


def _is_masked(written: str, wanted: str) -> bool:
    hidden = ""
    signs = ""
    for char, letter_there in zip(written, wanted, strict=True):
        if letter_there in readings(char):
            continue
        if char not in _MASKS:
            return False
        hidden += letter_there
        signs += char
    if not hidden or not (written[0].isalpha() and written[-1].isalpha()):
        return False
    if set(signs) == {_STAR}:
        return True
    if len(hidden) == 1:
        return hidden in _VOWELS
    return _GRAWLIX.issuperset(signs)
