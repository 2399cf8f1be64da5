"""Python's regular expressions, which AutoModerator takes, as RE2 writes them."""

import re

from moderation.text import normalise

_ESCAPE = r"""
      \\u (?P<short>[0-9A-Fa-f]{4}) | \\U (?P<long>[0-9A-Fa-f]{8})
    | \\ (?P<letter> [^\x00-\x7f] )
    """
_KINDS = {r"\w": r"\pL\pM\pN_", r"\d": r"\p{Nd}", r"\s": r"\s\pZ", r"\D": r"\P{Nd}"}
"""Classes that know every alphabet in Python, and only ASCII in RE2: as they stand in `[ ]`."""

_NO_WORD = {
    r"[\W_]": r"[^\pL\pM\pN]",
    r"[^\W_]": r"[\pL\pM\pN]",
    r"[^\W\d_]": r"[\pL\pM]",
    r"[\W]": r"[^\pL\pM\pN_]",
}
_CODE = re.compile(
    r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\x([0-9A-Fa-f]{2})|\\[\x00-\x7f]|([^\x00-\x7f])"
)
_BLANK = r"(?:\\[snW]|[ \n]|\[(?:\\.|[^\]\\])*\\[snW](?:\\.|[^\]\\])*\])"
_BLANKS = re.compile(rf"\\[tr]|{_BLANK}(?:\{{(?!,?1\}})|(?={_BLANK}))")
"""Several blanks in a row, of which normalising leaves one; tabs, which become blanks."""

_INVISIBLE = "\xa0\xad\u3000\ufeff\u205f" + "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x2028, 0x2030)))
)
_IN_CLASS = re.compile(_ESCAPE + rf"| \\ . | [{_INVISIBLE}]", re.VERBOSE | re.DOTALL)
_TOKEN = re.compile(
    _ESCAPE
    + r"""
    | (?P<class> \[ \^? \]? (?: \\. | \[:\w+:\] | [^\]\\] )* \] )
    | (?P<end> \\Z )
    | \\ .
    | (?P<comment> \(\?\# [^)]* \) )
    | \{ , (?P<most> \d+ ) \}
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def to_re2(pattern: str) -> str:
    r"""Rewrite what RE2 spells otherwise; what it can't do at all stays, and is refused when it is compiled.

    That is `\u2705` and `\U0001F600`, comments, `\Z`, `{,3}` (a plain text to RE2), a backslash before a letter
    that is not ASCII, and `\w`, `\d` and `\s`, which are of every alphabet in Python and ASCII in RE2.
    """
    return _TOKEN.sub(_rewritten, pattern)


def means_another(pattern: str) -> str:
    r"""Say what in a pattern, as RE2 has it, means something else than in Python; nothing if all is the same."""
    if any(r"\W" in found["class"] for found in _TOKEN.finditer(pattern) if found["class"]):
        return r"`\W` in `[ ]` knows only ASCII here"
    if re.search(r"\\[bB]", pattern) and any(char.isalpha() and not char.isascii() for char in pattern):
        return r"`\b` knows only ASCII letters here"
    return ""


def is_of_the_original(text: str, *, regex: bool) -> bool:
    """Whether what is looked for can only be found in the text as written: normalising changes it, or takes it away.

    Args:
        text: a text, or a pattern as it stands in the page.
        regex: whether it is a pattern.
    """
    if not regex:
        alone = len(text) == 1 and _is_changed(text)  # `а` is looked for among Latin letters
        return alone or normalise(text).text.casefold() != text.casefold()
    found = ((one[1] or one[2] or one[3], one[4]) for one in _CODE.finditer(text))
    chars = (char or chr(int(code, 16)) for code, char in found if code or char)
    return bool(_BLANKS.search(text)) or any(map(_is_changed, chars))


def _is_changed(char: str) -> bool:
    return normalise(f"a{char}a").text != f"a{char}a"


def _rewritten(token: re.Match[str]) -> str:
    if token["class"]:
        return _NO_WORD.get(token["class"]) or _IN_CLASS.sub(_escaped, token["class"])
    if token[0] == r"\W":
        return _NO_WORD[r"[\W]"]
    if token[0] in _KINDS:
        kind = _KINDS[token[0]]
        return kind if kind[1] in "pP" and kind.count("\\") == 1 else f"[{kind}]"
    if token["end"]:
        return r"\z"
    if token["comment"]:
        return ""
    return f"{{0,{token['most']}}}" if token["most"] else _escaped(token)


def _escaped(token: re.Match[str]) -> str:
    if (char := token[0]) in _INVISIBLE:
        return rf"\x{{{ord(char):X}}}"
    code = token["short"] or token["long"]
    return rf"\x{{{int(code, 16):X}}}" if code else token["letter"] or _KINDS.get(token[0], token[0])
