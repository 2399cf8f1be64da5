"""How authors hide words from a filter, done to a text by rule, so that a model can be measured under it.

Each evasion changes every word of four letters or more (`share` of them, if asked): the author of a real
comment hides a word or two, so a model that survives this survives that. The kinds are those of HateCheck
(https://aclanthology.org/2021.acl-long.4, functionalities F25 to F29), and two that Unicode adds.
"""

import random
import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

Evasion: TypeAlias = Callable[[str, random.Random], str]
"""Changes one word."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_LOOKALIKES = str.maketrans("aceiopsxyABCEHIKMNOPTX", "асеіорѕхуАВСЕНІКМΝОРТХ")
_ZERO_WIDTH = "\u200b"
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)


def evade(text: str, evasion: str, *, share: float = 1.0, seed: int = 0) -> str:
    """Change the words of a text.

    Args:
        text: what an author would write.
        evasion: a name in `EVASIONS`.
        share: how many of the words of four letters or more are changed, 0-1.
        seed: the same seed changes the same text in the same way.
    """
    rng = random.Random(f"{seed} {evasion} {text}")  # noqa: S311 - repeatable, not secret
    change = EVASIONS[evasion]
    pieces: list[str] = []
    done = 0
    for word in _WORD.finditer(text):
        between = text[done : word.start()]
        pieces.append(between)
        done = word.end()
        # Two words in a row, each with gaps in it, have no border left that a person could see.
        merges = evasion == SPACED and between == " " and len(pieces) > 1 and " " in pieces[-2]
        pieces.append(word[0] if merges or rng.random() >= share else change(word[0], rng))
    return "".join((*pieces, text[done:]))


def _translate(table: dict[int, int], word: str, _: random.Random) -> str:
    return word.translate(table)


def _between(mark: str, word: str, _: random.Random) -> str:
    return mark.join(word)


def _stretched(word: str, rng: random.Random) -> str:
    places = [match.start() for match in _VOWEL.finditer(word)] or [len(word) - 1]
    place = rng.choice(places)
    return word[:place] + word[place] * rng.randint(4, 7) + word[place + 1 :]


def _swapped(word: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


SPACED: Final = "spaced"

EVASIONS: Final[Mapping[str, Evasion]] = MappingProxyType(
    {
        "leet": partial(_translate, _LEET),
        "homoglyph": partial(_translate, _LOOKALIKES),
        "zero-width": partial(_between, _ZERO_WIDTH),
        SPACED: partial(_between, " "),
        "stretched": _stretched,
        "swapped": _swapped,
    }
)
"""Every evasion by its name: digits for letters, letters of other alphabets, invisible characters between letters,
spaces between letters, a vowel repeated, two inner letters changed over."""
