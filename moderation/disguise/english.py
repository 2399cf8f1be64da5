"""Which English words there are, and how frequent they are: what a hidden word is guessed from."""

import math
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

LONGEST = 20
"""Letters of the longest word that is put right or looked for: hardly any is longer."""

_MARK = "!"
_WORDS = re.compile(r"[^\W\d_]+")

COMMON = 10.3
"""Cost of a common word at most: of the 3,000 most frequent ones."""

_UNLIKELY = (
    2.4  # cost of a letter from which on a run is no row of words; a letter by chance costs log 26 = 3.3
)


@cache
def word_costs() -> dict[str, float]:
    """Every known word, in small letters, and how unlikely it is: the negative logarithm of its share of all words.

    The share is guessed from the rank by Zipf's law.
    """
    words = [word.removesuffix(_MARK) for word in _lines()]
    spread = math.log(len(words))
    return {word: math.log((rank + 1) * spread) for rank, word in enumerate(words)}


@cache
def heated_words() -> frozenset[str]:
    """The known words that hardly stand in a comment that isn't toxic, in small letters."""
    return frozenset(word.removesuffix(_MARK) for word in _lines() if word.endswith(_MARK))


@cache
def _beginnings() -> frozenset[str]:
    """What known words begin with, whole words among it: letters that nothing begins with are looked at no further."""
    return frozenset(word[:end] for word in word_costs() for end in range(1, len(word) + 1))


def _lines() -> list[str]:
    text = files("moderation").joinpath("data/english.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def share_of_english(text: str) -> float:
    """Return the share, 0-1, of a text's letters that stand in common English words; 0 without letters.

    Most English comments have more than a half. Those of other languages have little, but for three or four words of
    French or Portuguese, which share some with English.
    """
    words = _WORDS.findall(text.lower())
    known = sum(len(word) for word in words if word_costs().get(word, math.inf) <= COMMON)
    return known / max(1, sum(map(len, words)))


def is_everyday(text: str) -> bool:
    """Whether a text is made of common English words only, harmless ones."""
    return text.isascii() and share_of_english(text) == 1 and heated_words().isdisjoint(text.lower().split())


def swapped_neighbours(word: str) -> Iterator[str]:
    """Every word that results if two neighbours, neither the first nor the last letter, change places."""
    for at in range(1, len(word) - 2):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def likeliest(readings: Iterable[str], *, limit: float = math.inf) -> str | None:
    """The known word among readings of one, if there are several the most frequent; `None` if none is known.

    Args:
        readings: what a word may be.
        limit: words that cost more are not known here.
    """
    known = word_costs()
    likely = [(known[small], reading) for reading in readings if (small := reading.lower()) in known]
    cost, reading = min(likely, default=(math.inf, None))
    return reading if cost <= limit else None


def cut_into_words(run: str, *, limit: float) -> list[str]:
    """Cut a run of letters into the row of known words that is likeliest; the run itself if none is likely.

    The words' likelihoods are multiplied, as in https://github.com/keredson/wordninja.

    Args:
        run: letters only.
        limit: what a letter of a likely row costs at most, on the mean; one by chance costs log 26 = 3.3.
    """
    known, begun, small = word_costs(), _beginnings(), run.lower()
    if small in known:
        return [run]
    # Of the letters up to each: their cost, and where the last word begins.
    best = [(0.0, 0)] + [(math.inf, 0)] * len(small)
    for start in range(len(small)):
        before = best[start][0]
        for end in range(start + 1, min(start + LONGEST, len(small)) + 1):
            if (word := small[start:end]) not in begun:
                break
            if (cost := before + known.get(word, math.inf)) < best[end][0]:
                best[end] = cost, start
    if best[-1][0] > limit * len(run):
        return [run]
    words, end = [], len(run)
    while end:
        words.append(run[best[end][1] : end])
        end = best[end][1]
    return words[::-1]
