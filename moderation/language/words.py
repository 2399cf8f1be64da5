"""What the words of a text in the Latin script say about its language: common words, and letters that few languages have.

Every word of a language's list speaks for the language, a frequent one more than a rare one; a word of no list says
nothing. Words are compared without accents, which many people leave out. The lists are data/languages.txt, written by
`tools/text/languages.py`, and for English data/english.txt.
"""

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from moderation.disguise.english import word_costs
from moderation.disguise.skeleton import letter
from moderation.disguise.unmask import ENGLISH

# All in nats, chosen like the constants of langdetect.py.
_UNKNOWN = 12.0  # cost of a word that is on no list; what a known one costs less speaks for its language
_FOREIGN = (
    4.0  # what a letter speaks against a language that doesn't have it: names and loan words have them too
)
_NAME = 0.5  # what a word counts that begins with a capital inside a text: it may be a name
_SPREAD = math.log(30_000)  # of Zipf's law, by which a word's cost is guessed from its place in the list
_REMEMBERED = 8_192  # words

_LETTERS = "[A-Za-zÀ-ÖØ-öø-ʯḀ-ỿ]+"
_WORD = re.compile(f"{_LETTERS}(?:-{_LETTERS})*")
_LAUGHTER = re.compile(
    r"(\w{1,2})\1+\w?|x+d+|lo+l|lmf?ao+|rofl|omf?g|wtf"
)  # no language's: haha, jaja, kkk, xd
_DOTTED_I = "İ"  # in small letters, it would be two characters


class Bar(NamedTuple):
    """How much words must say for a language, in nats: in all, and for each letter of the text."""

    at_least: float
    a_letter: float


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """What a text's words say.

    Attributes:
        weights: for every language with a list, by ISO 639-1 code, how much likelier its words and letters are in
            that language than in none: a logarithm, in nats; below 0 where letters speak against the language.
        letters: of all different words.
    """

    weights: dict[str, float]
    letters: int

    def reach(self, bar: Bar, code: str) -> bool:
        """Whether so much speaks for a language."""
        return self.weights.get(code, 0.0) >= max(bar.at_least, bar.a_letter * self.letters)


@dataclass(frozen=True, slots=True)
class _Lists:
    """For each language, its words with what they weigh, and the letters that it has beyond a to z."""

    version: str
    words: dict[str, dict[str, float]]
    alphabets: dict[str, str]


def word_evidence(text: str) -> WordEvidence:
    """Weigh a text's words for every language: each word once, however often it stands there. Linear in the text."""
    weights = dict.fromkeys(_lists().alphabets, 0.0)
    words: dict[str, float] = {}
    for number, written in enumerate(_WORD.findall(text.replace(_DOTTED_I, "I"))):
        counts = _NAME if number and written[0].isupper() else 1.0
        for word in written.lower().split("-"):
            if counts > words.get(word, 0.0):
                words[word] = counts
    signs: dict[str, float] = {}
    for word, counts in words.items():
        for language, weight in _speaks_for(plain_word(word)):
            weights[language] += weight * counts
        if not word.isascii():
            signs |= {sign: max(counts, signs.get(sign, 0.0)) for sign in word if not sign.isascii()}
    for sign, counts in signs.items():
        for language, weight in _sign_speaks_for(sign):
            weights[language] += weight * counts
    return WordEvidence(weights, sum(map(len, words)))


def plain_word(word: str) -> str:
    """Return a word in small letters as it is compared: without accents, ı as i, ø as o."""
    return word if word.isascii() else "".join(map(letter, word))


def words_version() -> str:
    """Eight hex digits that are others where a list is another."""
    return _lists().version


@lru_cache(_REMEMBERED)
def _speaks_for(word: str) -> tuple[tuple[str, float], ...]:
    """Return the languages that have a word on their lists, and what it weighs there."""
    if _LAUGHTER.fullmatch(word):
        return ()
    return tuple((code, words[word]) for code, words in _lists().words.items() if word in words)


@lru_cache(_REMEMBERED)
def _sign_speaks_for(sign: str) -> tuple[tuple[str, float], ...]:
    """Return what a letter beyond a to z weighs for each language: more where few have it, nothing good elsewhere."""
    alphabets = _lists().alphabets
    having = sum(sign in alphabet for alphabet in alphabets.values())
    return tuple(
        (code, math.log(len(alphabets) / having) if sign in alphabet else -_FOREIGN)
        for code, alphabet in alphabets.items()
    )


@cache
def _lists() -> _Lists:
    data = files("moderation").joinpath("data/languages.txt").read_text(encoding="utf-8")
    english = word_costs()
    lines = [line.split(" ") for line in data.splitlines() if not line.startswith("#")]
    weights = [_UNKNOWN - math.log(place * _SPREAD) for place in range(1, max(map(len, lines)))]
    lists = {code: dict(zip(words, weights, strict=False)) for code, _, *words in lines}
    lists[ENGLISH] = {word: _UNKNOWN - cost for word, cost in english.items() if cost < _UNKNOWN}
    version = sha256(" ".join((data, *lists[ENGLISH])).encode()).hexdigest()[:8]
    return _Lists(version, lists, {code: alphabet for code, alphabet, *_ in lines})
