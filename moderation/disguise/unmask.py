"""What a model should read: letters hidden behind digits, gaps and repetition are put back.

Works on normalised text, and keeps no map: a model's scores point at no place. Every step is a guess that
is right about words and harmless elsewhere; word lists, which must be exact, have their own rules.

1. Letters set apart, three or more in a row, are joined: `i d i o t`, `i.d.i.o.t`.
2. In a word, digits and signs that stand for letters become letters: `1d1ot`, `sh!t`, `$tupid`.
   Numbers with a unit, names with a number and handles stay: `10k`, `covid19`, `4th`, `@anna`.
3. A Latin letter three times in a row becomes one, or two where English doubles it: `stuuupid`.

In English, and where nobody can tell the language, a list of words helps:

4. Letters that were set apart are cut into words, and so are words that run together: `a n i d i o t`,
   `youareanidiot`.
5. Of the readings of a hidden or stretched word, a known one is taken: `1oser`, `idiooot`.
6. In unknown words, two inner letters change places where that makes known ones, if the text is full of such
   words, or the known one is heated: `idoit`. Other slips of the pen stay: they say something about a comment.
"""

import math
import re
from collections.abc import Iterator
from itertools import product

from moderation.disguise.english import (
    COMMON,
    LONGEST,
    cut_into_words,
    heated_words,
    likeliest,
    swapped_neighbours,
    word_costs,
)
from moderation.disguise.skeleton import LEET

ENGLISH = "en"

# The signs that words are full of: `2`, `+`, `€` and the others of the table are more often what they are.
_LEET = str.maketrans({sign: LEET[sign][0] for sign in "01345789@$!"})
_ONE_AS_L = str.maketrans({sign: LEET[sign][1] for sign in "1!"})

_APART = re.compile(
    r"(?<![^\W_])(?<![^\W_]')[A-Za-zÀ-ɏ](?P<gap>[ .\-_*·~/|,]{1,2})[A-Za-zÀ-ɏ]"
    r"(?:(?P=gap)[A-Za-zÀ-ɏ](?![^\W_]))+"
)
_BETWEEN = re.compile(r"[ .\-_*·~/|,]")
# A token of letters, digits and look-alike signs, no part of an address, with a sign between two letters, or
# with one in front of three letters or more.
_HIDDEN = re.compile(
    r"(?<![\w@$.!/#])(?=[\w@$!]*[A-Za-z])"
    r"(?:(?=[A-Za-z0-9@$!]*(?:[A-Za-z][0134578@$!]+[A-Za-z]|[013457$]+[A-Za-z]+[013457$]))"
    r"|(?=[013457$][A-Za-z]{3})|(?=@ss)|(?=[A-Za-z]+\$\$))"
    r"[A-Za-z0-9$@](?:[A-Za-z0-9@$]|!(?=[A-Za-z]))*(?![\w@]|\.\w)"
)
_UNIT = re.compile(r"\d+[A-Za-z]{1,2}|\d{2,}[A-Za-z]+")
_STRETCHED = re.compile(r"([A-Za-z])\1{2,}")
_DOUBLED = frozenset("eolstfgprnmdcbzEOLSTFGPRNMDCBZ")  # letters that English words double
_RUN = re.compile(r"[A-Za-z]+")
_STRETCHES = 4  # in one word, of which every reading is tried
_LONG = re.compile(r"[a-z]{4,}")
_NO_ADDRESS = r"(?<![\w@#$/.=&])[A-Za-z]{%s,}(?![\w@$/=&]|\.\w)"  # and no handle, and no hashtag
_WORD = re.compile(_NO_ADDRESS % 4)
_TWO, _SLIPS = 2, 0.2  # slips, and their share of a text's words, from which on it is full of them
_PHRASE, _APART_LIMIT = 5, 2.4  # letters that were set apart and can be several words; what each may cost
_GLUED, _GLUED_LIMIT = re.compile(_NO_ADDRESS % 12), 2.0  # a word that can be several; what a letter may cost
_FEW, _FRAGMENT = 3, 2  # words that it is cut into, at least; letters of no last word


def unmask(text: str, language: str | None = None) -> str:
    """Return what a reader sees in a normalised text, for a model to score.

    Unmasking twice gives what unmasking once gives.

    Args:
        text: a normalised text.
        language: ISO 639-1 code; `None` if nobody can tell.
    """
    english = language in {None, ENGLISH}
    # Each step that changes something leaves fewer digits and signs, or else fewer letters, or fewer words that run
    # together, or fewer letters that stand alone, or fewer unknown words: this ends.
    while (read := _read(text, english=english)) != text:
        text = read
    return text


def _read(text: str, *, english: bool) -> str:
    if _STRETCHED.search(text):
        text = _RUN.sub(_known_short, text) if english else text
        text = _STRETCHED.sub(_short, text)
    text = _APART.sub(_joined_words if english else _joined, text)
    text = _HIDDEN.sub(_known_letters if english else _letters, text)
    if english and not word_costs().keys() >= set(_LONG.findall(text.lower())):
        text = _GLUED.sub(_apart, _put_right(text))
    return text


def _joined(match: re.Match[str]) -> str:
    return _BETWEEN.sub("", match[0])


def _joined_words(match: re.Match[str]) -> str:
    run = _joined(match)
    return " ".join(cut_into_words(run, limit=_APART_LIMIT)) if len(run) >= _PHRASE else run


def _letters(match: re.Match[str]) -> str:
    return match[0] if _UNIT.fullmatch(match[0]) else match[0].translate(_LEET)


def _known_letters(match: re.Match[str]) -> str:
    if (plain := _letters(match)) == match[0]:
        return plain
    return likeliest((plain, match[0].translate(_ONE_AS_L).translate(_LEET))) or plain


def _short(match: re.Match[str]) -> str:
    return match[1] * 2 if match[1] in _DOUBLED else match[1]


def _known_short(match: re.Match[str]) -> str:
    parts = _STRETCHED.split(match[0])
    if not 1 < len(parts) <= 2 * _STRETCHES + 1:
        return match[0]
    return likeliest(_shortened(parts)) or match[0]


def _shortened(parts: list[str]) -> Iterator[str]:
    """Every reading of a word, of which each second part is a letter that was stretched."""
    for times in product((1, 2), repeat=len(parts) // 2):
        letters = (letter * n for letter, n in zip(parts[1::2], times, strict=True))
        yield "".join(a + b for a, b in zip(parts[::2], (*letters, ""), strict=True))


def _put_right(text: str) -> str:
    words = _WORD.findall(text)
    slips = {word: right for word in set(words) if (right := _right(word))}
    if sum(word in slips for word in words) < max(_TWO, _SLIPS * len(words)):
        slips = {word: right for word, right in slips.items() if right.lower() in heated_words()}
    return _WORD.sub(lambda match: slips.get(match[0], match[0]), text) if slips else text


def _right(word: str) -> str | None:
    if word.lower() in word_costs() or len(word) > LONGEST:
        return None
    # A name that nobody knows may be like some rare word.
    return likeliest(swapped_neighbours(word), limit=COMMON if word.istitle() else math.inf)


def _apart(match: re.Match[str]) -> str:
    words = cut_into_words(match[0], limit=_GLUED_LIMIT)
    return " ".join(words) if len(words) >= _FEW and len(words[-1]) > _FRAGMENT else match[0]
