"""Python's regular expressions, which AutoModerator takes, as RE2 writes them."""

import re

_ESCAPE = r"""
      \\u (?P<short>[0-9A-Fa-f]{4}) | \\U (?P<long>[0-9A-Fa-f]{8})
    | \\ (?P<letter> [^\x00-\x7f] )
    """
_IN_CLASS = re.compile(_ESCAPE + r"| \\ .", re.VERBOSE | re.DOTALL)
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
    that is not ASCII.
    """
    return _TOKEN.sub(_rewritten, pattern)


def _rewritten(token: re.Match[str]) -> str:
    if token["class"]:
        return _IN_CLASS.sub(_escaped, token["class"])
    if token["end"]:
        return r"\z"
    if token["comment"]:
        return ""
    return f"{{0,{token['most']}}}" if token["most"] else _escaped(token)


def _escaped(token: re.Match[str]) -> str:
    code = token["short"] or token["long"]
    return rf"\x{{{int(code, 16):X}}}" if code else token["letter"] or token[0]
