"""What a comment can look like: hidden, mistyped, shouted. The label stays what it was."""

import random
import re

from moderation.disguise.unmask import unmask
from moderation.model_evaluation.evasions import EVASIONS, evade
from moderation.text import normalise

_HANGUL = re.compile(r"[가-힣]{2,}")
_INNER_VOWEL = re.compile(r"(?<=\w)[aeiou](?=\w)", re.IGNORECASE)
_NOISE = ".1~^@ㅡ"
_HEARD = {
    "개새끼": "ㄱㅅㄲ",  # before the shorter word in it
    "씨발": "ㅅㅂ",
    "시발": "ㅅㅂ",
    "병신": "ㅂㅅ",
    "지랄": "ㅈㄹ",
    "새끼": "ㅅㄲ",
    "존나": "ㅈㄴ",
    "미친": "ㅁㅊ",
    "닥쳐": "ㄷㅊ",
    "꺼져": "ㄲㅈ",
    "좆": "ㅈ",
    "뒤져": "ㄷㅈ",
}
_LOOKS = str.maketrans(
    {"멍": "댕", "귀": "커", "명": "띵", "유": "윾", "왕": "앟", "비": "네", "대": "머", "파": "과"}
)
"""Syllables that look like another one: what young Koreans call yaminjeongeum."""

# A syllable is 0xAC00 + (initial * 21 + vowel) * 28 + final (The Unicode Standard, 3.12); the keys are those of the
# usual Korean keyboard (Dubeolsik).
_FIRST_SYLLABLE, _VOWELS, _ENDS = 0xAC00, 21, 28
_INITIAL = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWEL = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINAL = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_TYPED = (
    "r R s e E f a q Q t T d w W c z x v g "
    "k o i O j p u P h hk ho hl y n nj np nl b m ml l "
    "r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g"
)
_KEYS = dict(zip(_INITIAL + _VOWEL + _FINAL, _TYPED.split(" "), strict=True))


def as_read(text: str, language: str) -> str:
    """Return what the model is given for a comment in a language: the same as `moderation` gives it."""
    return unmask(normalise(text).text, language)


def augmented(text: str, rng: random.Random) -> str:
    """Return the text changed in one way, as its authors might."""
    change = rng.choice(_KOREAN if _HANGUL.search(text) else _WAYS)
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
    return _INNER_VOWEL.sub(lambda vowel: "*" if rng.random() < 0.3 else vowel[0], text)  # noqa: PLR2004


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


def _jamo_apart(text: str, rng: random.Random) -> str:
    return _HANGUL.sub(lambda word: "".join(_letters(word[0])) if rng.random() < 0.4 else word[0], text)  # noqa: PLR2004


def _wrong_keyboard(text: str, rng: random.Random) -> str:
    def typed(word: re.Match[str]) -> str:
        return "".join(_KEYS[letter] for letter in _letters(word[0])) if rng.random() < 0.3 else word[0]  # noqa: PLR2004

    return _HANGUL.sub(typed, text)


def _look_alikes(text: str, rng: random.Random) -> str:
    del rng
    return text.translate(_LOOKS)


def _letters(word: str) -> list[str]:
    """The letters (jamo) of Hangul syllables."""
    found = []
    for syllable in word:
        rest, final = divmod(ord(syllable) - _FIRST_SYLLABLE, _ENDS)
        initial, vowel = divmod(rest, _VOWELS)
        found += [_INITIAL[initial], _VOWEL[vowel], *_FINAL[final - 1 : final]]
    return found


def _punctuated(text: str, rng: random.Random) -> str:
    return text + rng.choice(("!!!", "...", " lol", " ㅋㅋㅋ", " 😂", " 👍", " ^^", "?", " 🤬"))


_WAYS = (*(_evaded,) * 5, _recased, _mistyped, _starred, _punctuated)
_KOREAN = (
    *(_hangul_apart, _hangul_apart, _hangul_spacing, _initials, _initials),
    *(_jamo_apart, _wrong_keyboard, _look_alikes, _evaded, _punctuated),
)
