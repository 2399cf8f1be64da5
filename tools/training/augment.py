"""What a comment can look like: hidden, mistyped, shouted. The label stays what it was."""

import random
import re

from moderation.evaluation.evasions import EVASIONS, evade
from moderation.text import normalise
from moderation.text.unmask import unmask

_HANGUL = re.compile(r"[가-힣]{2,}")
_VOWEL = re.compile(r"(?<=\w)[aeiou](?=\w)", re.IGNORECASE)
_NOISE = ".1~^@ㅡ"
_HEARD = {"씨발": "ㅅㅂ", "시발": "ㅅㅂ", "병신": "ㅂㅅ", "지랄": "ㅈㄹ", "새끼": "ㅅㄲ"}


def as_read(text: str, language: str) -> str:
    """Return what the model is given for a comment in a language: the same as `moderation` gives it."""
    return unmask(normalise(text).text, language)


def augmented(text: str, rng: random.Random) -> str:
    """Return the text changed in one way, as its authors might."""
    change = rng.choice(_WAYS)
    return change(text, rng)


def _evaded(text: str, rng: random.Random) -> str:
    name = rng.choice(
        [*EVASIONS, "swapped", "leet", "stretched"]
    )  # those that reading can't undo, more often
    return evade(text, name, share=rng.choice((0.3, 0.6, 1.0)), seed=rng.randrange(1 << 30))


def _recased(text: str, rng: random.Random) -> str:
    return rng.choice((str.upper, str.lower, str.title))(text)


def _mistyped(text: str, rng: random.Random) -> str:
    letters = list(text)
    for _ in range(max(1, len(text) // 40)):
        place = rng.randrange(len(letters)) if letters else 0
        if letters and letters[place].isalpha():
            letters[place] = rng.choice(("", letters[place] * 2, letters[place]))
    return "".join(letters)


def _starred(text: str, rng: random.Random) -> str:
    return _VOWEL.sub(lambda vowel: "*" if rng.random() < 0.3 else vowel[0], text)  # noqa: PLR2004


def _hangul_apart(text: str, rng: random.Random) -> str:
    mark = rng.choice(_NOISE)
    return _HANGUL.sub(lambda word: mark.join(word[0]) if rng.random() < 0.3 else word[0], text)  # noqa: PLR2004


def _hangul_spacing(text: str, rng: random.Random) -> str:
    del rng
    return text.replace(" ", "") if _HANGUL.search(text) else text


def _initials(text: str, rng: random.Random) -> str:
    del rng
    for word, initials in _HEARD.items():
        text = text.replace(word, initials)
    return text


def _punctuated(text: str, rng: random.Random) -> str:
    return text + rng.choice(("!!!", "...", " lol", " ㅋㅋㅋ", " 😂", " 👍", " ^^", "?", " 🤬"))


_WAYS = (
    *(_evaded,) * 5,
    _recased,
    _mistyped,
    _starred,
    _hangul_apart,
    _hangul_spacing,
    _initials,
    _punctuated,
)
