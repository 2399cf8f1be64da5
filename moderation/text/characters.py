"""What one character reads as, whatever stands around it."""

import unicodedata
from functools import lru_cache

import regex

from moderation.text.lookalikes import STYLISED

# All that shows nothing. Hangul fillers, zero-width characters, bidi controls, variation selectors and tags
# are default-ignorable; the Braille blank and the interlinear annotation marks are not, yet blank.
INVISIBLE = r"[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}\s\u2800\ufff9-\ufffb]"
"""Pattern of a character that shows nothing, white space among them; for the library `regex`."""

_INVISIBLE_CHARACTER = regex.compile(INVISIBLE)
_LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
_HANGUL_FILLER = 0x3164
_JAMO = (chr(code) for code in range(0x3131, 0x318F) if code != _HANGUL_FILLER)
_HALF_WIDTH_JAMO = (code for code in range(0xFFA1, 0xFFDD) if unicodedata.decomposition(chr(code)))
_KNOWN = {
    **{char: char for char in (*_JAMO, *"™℠⁰¹²³⁴⁵⁶⁷⁸⁹")},
    # To compatibility jamo, one step short of what NFKC does.
    **{chr(code): chr(int(unicodedata.decomposition(chr(code))[-4:], 16)) for code in _HALF_WIDTH_JAMO},
    **{chr(code): "\ufffd" for code in range(0xD800, 0xE000)},
    **STYLISED,
    "‘": "'",
    "’": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "\u2800": " ",  # Braille blank
}


@lru_cache(maxsize=16_384)
def plain_form(char: str) -> str:
    """Plain form of one character: a few characters, or none; each is its own plain form."""
    if (known := _KNOWN.get(char)) is not None:
        return known
    if char.isspace():
        return "\n" if char in _LINE_BREAKS else " "
    if _INVISIBLE_CHARACTER.match(char):
        return ""
    compatible = unicodedata.normalize("NFKC", char)
    return char if compatible == char else "".join(map(plain_form, compatible))
