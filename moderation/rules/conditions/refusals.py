"""What RE2 refuses in a pattern, in plain words."""

from moderation.rules.reading.faults import Fault


def explain_refusal(error: Exception, text: str) -> Fault:
    """Say in plain words what RE2 refuses, and at which part of the pattern.

    A sentence that is not known here is shown as RE2 says it.

    Args:
        error: what RE2 raised: a sentence, and after a colon the part of the pattern that it is about.
        text: the pattern.
    """
    said = _said(error)
    sentence, _, part = said.partition(": ")
    part = part if part in text else ""
    for start, (message, hint) in _NOT_IN_RE2.items():
        if part.startswith(start):
            return Fault(message, hint, part=part)
    message, hint = _SENTENCES.get(sentence, (f"RE2 can't read this pattern: {said[:80]}", _COMPARE))
    return Fault(message, hint, part=part)


def _said(error: Exception) -> str:
    (said,) = error.args
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


_COMPARE = "compare with https://github.com/google/re2/wiki/Syntax"
_SLOW = "patterns here are RE2, which is never slow on any text"
_LOOK = (f"a pattern can't look ahead or behind: {_SLOW}", "write a second condition, such as `~body#2`")
_NOT_IN_RE2 = {
    "(?=": _LOOK,
    "(?!": _LOOK,
    "(?<=": _LOOK,
    "(?<!": _LOOK,
    "(?<": ("this group has no name that RE2 can read", "write `(?P<name>…)`, or `(?:…)`"),
    "(?>": (f"a pattern has no atomic groups: {_SLOW}", "write `(?:…)`"),
    "++": (f"RE2 has no possessive repetition: {_SLOW}", "write `+`"),
    "*+": (f"RE2 has no possessive repetition: {_SLOW}", "write `*`"),
    "(?(": (f"a pattern has no conditions in it: {_SLOW}", "write two patterns as a list"),
    "(?#": ("a pattern has no comments in it", "write it as a YAML comment, after ` #`"),
    "(?x": ("a pattern can't be spread out with `(?x)`", "write it without the blanks"),
    "(?P<": ("this name of a group is used twice, or no name", "write `(?:…)`"),
    "(?P": (f"a pattern can't refer back to a group: {_SLOW}", "write out what may stand there"),
    "\\p": ("RE2 knows no such class of characters", "write one such as `\\pL` or `\\p{Hangul}`"),
    "\\P": ("RE2 knows no such class of characters", "write one such as `\\PL` or `\\P{Hangul}`"),
    "[:": ("RE2 knows no such class of characters", "write one such as `[[:alpha:]]`"),
    "\\Z": ("`\\Z` is Python's; RE2 writes `\\z`", "write `\\z`, or `$`"),
    **{
        f"\\{number}": (f"a pattern can't refer back to a group: {_SLOW}", "write out what may stand there")
        for number in range(1, 10)
    },
}
"""What of a pattern is refused, by how it begins: told by the pattern, whatever RE2 says about it."""

_SENTENCES = {
    "missing )": ("a `(` is never closed", "add `)`, or write `\\(` for the character"),
    "unexpected )": ("a `)` closes nothing", "delete it, or write `\\)` for the character"),
    "missing ]": ("a `[` is never closed", "add `]`, or write `\\[` for the character"),
    "no argument for repetition operator": (
        "nothing stands before this that could be repeated",
        "write what is repeated, or a backslash before the character",
    ),
    "bad repetition operator": ("one sign of repetition stands after another", "delete one of the two"),
    "invalid repetition size": (
        "this repeats more than 1000 times, nested repetitions multiplied, or counts backwards",
        "write smaller numbers, the smaller one first",
    ),
    "invalid escape sequence": ("this means nothing after a backslash", "delete the backslash"),
    "trailing \\": ("the pattern ends with a backslash", "write `\\\\` for the character"),
    "invalid character class range": (
        "this range in `[ ]` is the wrong way round, or unknown",
        "write the smaller end first; for a `-` itself, put it last",
    ),
    "pattern too large - compile failed": (
        "this pattern needs too much memory",
        "repeat less: `{1,20}` inside `{1,20}` is four hundred times",
    ),
    "invalid perl operator": ("RE2 does not know this group", _COMPARE),
}
"""Everything else, by the sentence that RE2 says: it gives no code. The tests try each, in the releases allowed."""
