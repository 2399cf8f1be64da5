"""Untrusted text made safe to print: it can't restyle, spoof or hide anything in a terminal."""

import regex

_MOST_MARKS = 4  # of a letter; Vietnamese needs two, and zalgo hundreds
_HIDDEN = regex.compile(
    r"""
    [[\p{C}\p{Zl}\p{Zp}]--[\u200D]]              # controls, bidi controls, zero width, half pairs, unassigned
    | [\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]   # letters and marks that look like nothing
    | (?<![\p{So}\p{Sk}\uFE0F])\u200D | \u200D(?!\p{So})   # a joiner, unless it joins emoji
    | [\u27E6\u27E7]                             # our own marks
    """,
    regex.VERBOSE | regex.VERSION1,
)
_MARKS = regex.compile(rf"([\p{{Mn}}\p{{Me}}]{{{_MOST_MARKS}}})([\p{{Mn}}\p{{Me}}]+)")
_FIRST_PRINTABLE = 0x20
_DELETE = 0x7F
_PICTURES = 0x2400  # the block of Unicode that shows ESC as ␛


def visible(text: str, *, keep: str = "") -> str:
    r"""Return text in which everything invisible is visible: ESC as `␛`, an override as `⟨U+202E⟩`.

    Of more marks on a letter than any language has, their number is told instead.

    Args:
        text: any string.
        keep: control characters to leave as they are; `\n` where lines may be broken.
    """
    shown = _HIDDEN.sub(lambda found: found[0] if found[0] in keep else _shown(found[0]), text)
    return _MARKS.sub(lambda found: f"{found[1]}⟨+{len(found[2])}⟩", shown)


def _shown(character: str) -> str:
    code = ord(character)
    if code < _FIRST_PRINTABLE:
        return chr(_PICTURES + code)
    return "␡" if code == _DELETE else f"⟨U+{code:04X}⟩"
