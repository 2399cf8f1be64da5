"""Other ways to read a text than from left to right: what is turned, repeated, or parted by bars.

- What follows U+202E (right-to-left override) is shown from its end to its start: `kcuf`.
- Letters may be upside down, and are read from the end of their line: `ʞɔnɟ`.
- A word may be written several times without a space: `shitshitshit`.
- Two bars hide a stretch in chats, which changes no word: `f||uc||k`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.text import NormalisedText

_OVERRIDE = re.compile("\u202e([^\u202c\u202e\n\r\u2029]+)")
_UPSIDE_DOWN = {"ɐ": "a", "ɔ": "c", "ǝ": "e", "ɟ": "f", "ƃ": "g", "ɓ": "g", "ɥ": "h", "ᴉ": "i", "ı": "i"} | {
    "ɾ": "j",
    "ʞ": "k",
    "ɯ": "m",
    "ɹ": "r",
    "ʇ": "t",
    "ʌ": "v",
    "ʍ": "w",
    "ʎ": "y",
    "¡": "!",
    "u": "n",
    "n": "u",
    "b": "q",
    "q": "b",
    "d": "p",
    "p": "d",
}
_TURNED = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]")
_LINE = re.compile(r"[^\n]++")
_UPRIGHT = str.maketrans(_UPSIDE_DOWN)
# Each token is tried with units of up to twelve letters, from its start only: linear.
_REPEATED = re.compile(r"(?<![^\W_])([^\W\d_]{4,12}?)\1++(?![^\W_])")
_THRICE = re.compile(r"(?<![^\W_])([^\W\d_]{3})\1{2,}+(?![^\W_])")
_BARS = re.compile(r"\|\|([^|\n]++)\|\|")


@dataclass(frozen=True, slots=True)
class OtherView:
    """A text read in another way, and where each of its characters stands in the normalised text, `ends` exclusive."""

    text: str
    starts: list[int]
    ends: list[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of this view, not empty, stands in the normalised text."""
        return min(self.starts[start], self.starts[end - 1]), max(self.ends[start], self.ends[end - 1])


def other_views(normalised: NormalisedText) -> Iterator[OtherView]:
    """Yield each other way to read a text, where it has one: together linear in its length."""
    text = normalised.text
    if "\u202e" in normalised.original:
        yield _rearranged(text, _overridden(normalised))
    if _TURNED.search(text):
        turned = [
            (*line.span(), line[0].translate(_UPRIGHT))
            for line in _LINE.finditer(text)
            if _TURNED.search(line[0])
        ]
        yield _rearranged(text, turned)
    for pattern in (_REPEATED, _THRICE):
        if pattern.search(text):
            yield _collapsed(text, pattern)
    if _BARS.search(text):
        yield _without_bars(text)


def _overridden(normalised: NormalisedText) -> list[tuple[int, int, str]]:
    """Where the stretches that an override turns stand in the normalised text."""
    origins = [normalised.span(place, place + 1).start for place in range(len(normalised.text))]
    return [
        (bisect_left(origins, match.start()), bisect_left(origins, match.end()), "")
        for match in _OVERRIDE.finditer(normalised.original)
    ]


def _rearranged(text: str, stretches: list[tuple[int, int, str]]) -> OtherView:
    """Turn stretches round, each read as another text of its length if that isn't empty."""
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for start, end, upright in stretches:
        pieces += text[done:start], (upright or text[start:end])[::-1]
        places += [*range(done, start), *reversed(range(start, end))]
        done = end
    pieces.append(text[done:])
    places += range(done, len(text))
    return OtherView("".join(pieces), places, [place + 1 for place in places])


def _collapsed(text: str, pattern: re.Pattern[str]) -> OtherView:
    """Write each repeated word once, which stands where all of them stand."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        unit = len(match[1])
        pieces += text[done : match.start()], match[1]
        starts += [*range(done, match.start()), *[match.start()] * unit]
        ends += [*range(done + 1, match.start() + 1), *[match.end()] * unit]
        done = match.end()
    pieces.append(text[done:])
    return OtherView(
        "".join(pieces), [*starts, *range(done, len(text))], [*ends, *range(done + 1, len(text) + 1)]
    )


def _without_bars(text: str) -> OtherView:
    places: list[int] = []
    done = 0
    for match in _BARS.finditer(text):
        places += [*range(done, match.start()), *range(*match.span(1))]
        done = match.end()
    places += range(done, len(text))
    return OtherView("".join(map(text.__getitem__, places)), places, [place + 1 for place in places])
