"""Texts longer than a model's window, cut into overlapping pieces: nothing is truncated silently."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from tokenizers import Encoding, Tokenizer

_OVERLAP = 4  # a quarter of the window stands in the next one too: room for what a cut would tear apart
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # not text, and no tokeniser takes it

_Ends: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TokenWindow:
    """A piece of a text that fits into the model, and its tokens' ids, special ones included."""

    text: str = field(repr=False)
    ids: tuple[int, ...] = field(repr=False)


class WindowCutter:
    """Cuts texts into windows with the model's own tokeniser.

    Args:
        tokenizer: the model's; its truncation and padding are switched off.
        size: how many tokens the model takes at most, special ones included.
    """

    def __init__(self, tokenizer: Tokenizer, size: int) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._size = size
        self._room = size - tokenizer.num_special_tokens_to_add(is_pair=False)

    def cut(self, text: str) -> Iterator[TokenWindow]:
        """Yield the windows of a text, in order: the whole text if it fits.

        Cuts lie between words where a word isn't a window long. Every token of the text is in a window.
        """
        text = _LONE_SURROGATE.sub("\ufffd", text)
        whole = self._encode(text)
        if len(whole) <= self._size:
            yield TokenWindow(text, tuple(whole.ids))
            return
        for begin, end in self._edges(text, whole):
            piece = text[begin:end]
            yield TokenWindow(piece, tuple(self._encode(piece).ids))

    def _edges(self, text: str, whole: Encoding) -> Iterator[_Ends]:
        """Yield where each window begins and ends in the text."""
        words, offsets = _without_special(whole)
        start = 0
        while start < len(offsets):
            end = self._longest(text, words, offsets, start)
            yield offsets[start][0], offsets[end - 1][1]
            start = self._next(words, start, end) if end < len(offsets) else end

    def _longest(self, text: str, words: list[int | None], offsets: list[_Ends], start: int) -> int:
        """The token after the longest window from a token on.

        A piece is tokenised again, by itself: where a long word had to be cut, its rest can give more
        tokens than before, and the window then ends earlier.
        """
        end = _word_start(words, start, min(start + self._room, len(offsets)))
        while end > start + 1:
            excess = len(self._encode(text[offsets[start][0] : offsets[end - 1][1]])) - self._size
            if excess <= 0:
                break
            end = max(start + 1, end - excess)
        return end

    def _next(self, words: list[int | None], start: int, end: int) -> int:
        """The token that the next window begins with: a quarter before the end of this one, at a word's start."""
        return _word_start(words, start, max(start + 1, end - self._room // _OVERLAP))

    def _encode(self, text: str) -> Encoding:
        return self._tokenizer.encode(text)


def _without_special(encoding: Encoding) -> tuple[list[int | None], list[_Ends]]:
    """The word that each token belongs to, and its place in the text, without special tokens."""
    rows = zip(encoding.word_ids, encoding.offsets, encoding.special_tokens_mask, strict=True)
    kept = [(word, ends) for word, ends, special in rows if not special]
    return [word for word, _ in kept], [ends for _, ends in kept]


def _word_start(words: list[int | None], start: int, position: int) -> int:
    """The last start of a word after `start`, at or before `position`; `position` inside one long word."""
    if position == len(words):
        return position
    for candidate in range(position, start, -1):
        if words[candidate] != words[candidate - 1]:
            return candidate
    return position
