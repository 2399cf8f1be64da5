"""Whether a stretch of text that can be read as an entry of a word list is likely to be meant so."""

import math
import re

from moderation.disguise.accents import among_english
from moderation.disguise.boundaries import glued_together, is_alphabetic
from moderation.disguise.english import COMMON, word_costs
from moderation.disguise.skeleton import LEET, is_disguise, is_mark, own_letter, readings
from moderation.disguise.word import Word

_SHORT, _SHORTEST = 4, 3  # letters of words that names with a number look like
_TWO_LETTERS = 2  # that are no digits, at least, in such words
_PAIR = 2  # letters of words that one space spells out: `ㅅ ㅂ`
_SPLIT = 4  # letters of words that one space may split
_RUN_TOGETHER = 8  # letters of entries of several words that may run together
_VOWELS = frozenset("aeiouy")
_REMNANTS = frozenset("stdm")  # letters that an apostrophe left alone: "it s hit"
_REST = re.compile(r"[^\W\d_]*")
_WORDS = re.compile(r"[^\W\d_]+")


def is_convincing(word: Word, text: str, start: int, end: int) -> bool:
    """Whether a stretch of normalised text, which spells a word, is no everyday text, number or name."""
    stretch = text[start:end]
    if not _has_real_letters(word, stretch):
        return False
    words = 1 + sum(run.new_word for run in word.runs)
    if words > 1:
        return _is_written_apart(word, stretch, words)
    return word.letters == _PAIR or not _is_split(stretch) or _is_torn(word, text, start, end)


def _is_written_apart(word: Word, stretch: str, words: int) -> bool:
    """Whether an entry of several words is written as such, or as no other words: not `therapist`."""
    pieces = _WORDS.findall(stretch)
    if len(pieces) >= words or not is_alphabetic(stretch[0]):
        return len(pieces) >= words
    return word.letters >= _RUN_TOGETHER and any(piece.lower() not in word_costs() for piece in pieces)


def _is_split(stretch: str) -> bool:
    """Whether one space is all that stands in a word."""
    return sum(map(str.isspace, stretch)) == 1 and all(char.isspace() or readings(char) for char in stretch)


def _is_torn(word: Word, text: str, start: int, end: int) -> bool:
    """Whether one of two pieces is no word: `fu ck`; not "as hit", nor a name, nor words of another language."""
    first, space, second = text[start:end].partition(" ")
    if not space or word.letters < _SPLIT or glued_together(text, start, start - 1):
        return False
    rest = _REST.match(text, end)
    second += rest[0] if rest else ""
    if first in _REMNANTS or second.istitle() or not is_alphabetic(first[0]):
        return False
    pieces = first, second
    no_words = all(map(_is_unknown, pieces)) or any(
        len(piece) > 1 and _is_fragment(piece) for piece in pieces
    )
    return no_words and among_english(text, start, end)


def _is_fragment(piece: str) -> bool:
    """Whether some letters are no English word for sure: the list of words has holes, such as `pen`."""
    return _is_unknown(piece) and not _VOWELS.intersection(piece.lower())


def _is_unknown(piece: str) -> bool:
    """Whether some letters are no known English word; two that are rare are an abbreviation: `sh`."""
    cost = word_costs().get(piece.lower(), math.inf)
    return cost == math.inf or (len(piece) == _PAIR and cost > COMMON)


def _has_real_letters(word: Word, stretch: str) -> bool:
    """One is enough in one piece (`@$$e$`), two with something in between (not `a 5.5`)."""
    real = sum(own_letter(char) in word.own or is_disguise(char) for char in stretch)
    gaps = sum(not readings(char) and not is_mark(char) for char in stretch)
    return real >= (2 if gaps else 1) and (word.letters > _SHORT or not _is_code(word, stretch, gaps))


def _is_code(word: Word, stretch: str, gaps: int) -> bool:
    """Whether a short stretch is rather a name with a number: `A55`, `A5s`, `F-4G`, `F4G`; not `s3x`, `sh1t`."""
    digits = [char for char in stretch if char in LEET and char.isdigit() and char not in word.own]
    others = [char for char in stretch if readings(char) and char not in digits]
    if not digits or len(others) >= word.letters:  # none of them stands for a letter
        return False
    if len(others) < _TWO_LETTERS or 0 < gaps < word.letters - 1:
        return True
    vowels = all(LEET[digit][0] in "aeiou" for digit in digits)
    return word.letters <= _SHORTEST and not (vowels and any(char.islower() for char in others))
