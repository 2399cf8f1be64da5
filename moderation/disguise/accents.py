"""Whether an accent hides a word of a list, or makes another word of it: `shít`, but `Kiké` and `año`.

An entry is found through accents that it doesn't have, but for two kinds:

- A letter of its own in some alphabet (`ñ`, `ş`, `ö`) is a disguise among English words only, or where nothing else
  is written: `fück you`, not "feliz año nuevo" for `ano`. Stress marks can be left out of any language's words.
- A name keeps its accents: a capitalised word that ends in one, or has another capitalised word beside it.
"""

import re
import unicodedata
from functools import lru_cache

from moderation.disguise.english import heated_words, share_of_english
from moderation.text.lookalikes import LATIN, without_marks

_OWN_LETTERS = frozenset("ñåäöüøæşșțţğıłčšžćđďěňřťůőűąęśźżńļķģņāēīūçãõăơưİ")
_ENGLISH = 0.5  # share of the letters around a word that stand in common English words
_AROUND = 80  # characters on either side that are looked at: a search stays linear
_ACCENTED = re.compile(r"[À-ɏḀ-ỿ]")
_WORDS = re.compile(r"[^\W\d_]+")
_NAME_BEFORE = re.compile(r"[^\W\d_]+ \Z")
_NAME_AFTER = re.compile(r" ([^\W\d_]+)")


def makes_another_word(text: str, start: int, end: int, entry: str) -> bool:
    """Whether the accents of a stretch of normalised text, read as an entry, make another word of it."""
    stretch = text[start:end]
    if not _ACCENTED.search(stretch):
        return False
    own = entry.casefold()
    accented = [
        char for char in _ACCENTED.findall(stretch) if _is_accented(char) and char.casefold() not in own
    ]
    if not accented:
        return False
    if (
        stretch[:1].isupper()
        and not stretch[1:].isupper()
        and (_is_accented(stretch[-1]) or _among_names(text, start, end))
    ):
        return True
    return any(char.lower() in _OWN_LETTERS for char in accented) and not among_english(text, start, end)


@lru_cache(maxsize=1024)
def _is_accented(char: str) -> bool:
    """Whether a Latin letter has a mark, or a stroke or hook that Unicode doesn't take off."""
    return without_marks(char) != char or (char in LATIN and unicodedata.name(char, "").startswith("LATIN"))


def _among_names(text: str, start: int, end: int) -> bool:
    before = _NAME_BEFORE.search(text, max(0, start - _AROUND), start)
    after = _NAME_AFTER.match(text, end, end + _AROUND)
    return bool((before and before[0].strip().istitle()) or (after and after[1].istitle()))


def among_english(text: str, start: int, end: int) -> bool:
    """Whether a stretch stands among English words, or alone."""
    # From one step of `_AROUND` to another: words near each other have the same neighbourhood, which is looked at once.
    first, last = max(0, (start // _AROUND - 1) * _AROUND), (end // _AROUND + 2) * _AROUND
    if not _WORDS.search(f"{text[first:start]} {text[end:last]}"):
        return True
    return _is_english(text[first:last])


@lru_cache(maxsize=64)
def _is_english(text: str) -> bool:
    return share_of_english(_WORDS.sub(_bare_if_heated, text)) >= _ENGLISH


def _bare_if_heated(word: re.Match[str]) -> str:
    """A word beside it that is disguised just the same counts as English."""
    bare = "".join(map(without_marks, word[0]))
    return bare if bare.lower() in heated_words() else word[0]
