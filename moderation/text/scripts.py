"""Which script a text is written in, and what a script alone says about the language."""

import re
from collections import defaultdict
from dataclasses import dataclass

# Letters only, by Unicode block: no digits, no punctuation.
_LETTERS = {
    "latin": "A-Za-zªºÀ-ÖØ-öø-ʯḀ-ỿ",
    "hangul": "가-힣",
    "jamo": "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\ud7b0-\ud7fb\uffa1-\uffdc",
    "han": "々〇㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U000323af",
    "kana": "ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿｦ-ﾟ",
    "cyrillic": "Ѐ-ԯ",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06d5-\u06ff\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdfb\ufe70-\ufefc",
    "devanagari": "\u0900-\u0963\u0971-\u097f",
    "greek": "Ͱ-Ͽἀ-῾",
    "hebrew": "\u05d0-\u05f2\ufb1d-\ufb4f",
    "thai": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "bengali": "\u0980-\u09fe",
    "gurmukhi": "\u0a01-\u0a75",
    "gujarati": "\u0a81-\u0aff",
    "tamil": "\u0b82-\u0bd7",
    "telugu": "\u0c00-\u0c63",
    "kannada": "\u0c80-\u0cf3",
    "malayalam": "\u0d00-\u0d63",
    "sinhala": "\u0d81-\u0df3",
    "lao": "\u0e81-\u0edf",
    "khmer": "\u1780-\u17d3",
    "armenian": "Ա-ֈ",
    "georgian": "Ⴀ-ჿ",
}
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_RUN = re.compile(
    r"(?![\x00-@\[-`{-\x7f])(?:"  # no script is tried where no letter is: that halves the time
    + "|".join(f"(?P<{script}>[{letters}]+)" for script, letters in _LETTERS.items())
    + ")"
)

LANGUAGE_OF_SCRIPT = {
    "hangul": "ko",
    "kana": "ja",
    "greek": "el",
    "hebrew": "he",
    "thai": "th",
    "bengali": "bn",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "sinhala": "si",
    "lao": "lo",
    "khmer": "km",
    "armenian": "hy",
    "georgian": "ka",
}
"""Scripts that decide alone: of the languages written in them, langdetect knows one at most."""

_SCRIPT_OF = {
    "ko": "hangul",
    "ja": "kana",
    "zh": "han",
    "ru": "cyrillic",
    "uk": "cyrillic",
    "bg": "cyrillic",
    "ar": "arabic",
    "fa": "arabic",
    "el": "greek",
    "he": "hebrew",
    "hi": "devanagari",
    "th": "thai",
}

_WEIGHT = {"hangul": 2.0, "kana": 2.0, "han": 3.0}  # Latin letters that say as much as one of theirs
_KANA_SHARE = 0.15  # of kana among kana and Han; with less, kana is decoration: "淘宝の正品特价商店"
_MIN_RUN = 2  # "ಠ_ಠ", "¯\_(ツ)_/¯" and "π" are no words; "네" is one


@dataclass(frozen=True, slots=True)
class Dominant:
    """The script that most of a text is written in, and its share of the letters, 0–1."""

    script: str
    share: float


def script_of(language: str) -> str:
    """Name the script that a language is written in: Latin for every one that isn't known to differ."""
    return _SCRIPT_OF.get(language, "latin")


def dominant_script(text: str) -> Dominant | None:
    """Tell the script with the most letters; `None` for a text without words.

    Letters are weighed as `weigh` does. Lone jamo ("ㅋㅋㅋ") count only where nothing else was written: people
    laugh in them in any language. Han counts as kana where the two make Japanese.
    """
    letters = weigh(text)
    jamo = letters.pop("jamo", 0.0)
    if not letters:
        return Dominant("hangul", 1.0) if jamo else None
    _join_japanese(letters)
    script = max(letters, key=lambda name: letters[name])
    return Dominant(script, letters[script] / sum(letters.values()))


def scripts_in(text: str, *, at_least: float) -> set[str]:
    """Name the scripts that have at least so much of a text's letters, 0-1; lone jamo don't count."""
    letters = weigh(text)
    letters.pop("jamo", None)
    _join_japanese(letters)
    return {script for script, weight in letters.items() if weight >= at_least * sum(letters.values())}


def weigh(text: str) -> dict[str, float]:
    """Sum up the letters of each script: 2 for a syllable of Hangul or kana, 3 for an ideograph, else 1.

    Letters that stand alone don't count in scripts that decide alone, other than Hangul.
    """
    if text.isascii():
        plain = len(text.encode("ascii").translate(None, _NO_ASCII_LETTERS))
        return {"latin": float(plain)} if plain else {}
    letters: defaultdict[str, float] = defaultdict(float)
    for run in _RUN.finditer(text):
        script, length = str(run.lastgroup), run.end() - run.start()
        if length >= _MIN_RUN or script == "hangul" or script not in LANGUAGE_OF_SCRIPT:
            letters[script] += length * _WEIGHT.get(script, 1.0)
    return dict(letters)


def _join_japanese(letters: dict[str, float]) -> None:
    kana, han = letters.get("kana", 0.0) / _WEIGHT["kana"], letters.get("han", 0.0) / _WEIGHT["han"]
    if kana and han:
        language, other = ("kana", "han") if kana >= _KANA_SHARE * (kana + han) else ("han", "kana")
        letters[language] += letters.pop(other)
