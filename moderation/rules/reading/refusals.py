"""What RE2 refuses in a pattern, in plain words."""

from moderation.rules.reading.faults import Fault


def _words(error: Exception) -> str:
    (said,) = error.args
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def explain_refusal(refused: Exception, text: str) -> Fault:
    """Say in plain words what RE2 refuses, and at which part of the pattern."""
    error = _words(refused)
    problem, _, part = error.partition(": ")
    part = part if part and part in text else ""
    for start, (message, hint) in _REFUSED.items():
        if part.startswith(start) or (not part and start in error):
            return Fault(message, hint, part=part)
    message, hint = _PROBLEMS.get(problem, (f"RE2 can't read this pattern: {error[:80]}", _COMPARE))
    return Fault(message, hint, part=part)


_COMPARE = "compare with https://github.com/google/re2/wiki/Syntax"
_SLOW = "patterns here are RE2, which is never slow on any text"
_LOOK = (f"a pattern can't look ahead or behind: {_SLOW}", "write a second condition, such as `~body#2`")
_REFUSED = {
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
_PROBLEMS = {
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
    "trailing \\ at end of regexp": ("the pattern ends with a backslash", "write `\\\\` for the character"),
    "invalid character class range": (
        "this range in `[ ]` is the wrong way round, or unknown",
        "write the smaller end first; for a `-` itself, put it last",
    ),
    "invalid character class": ("this is no class of characters", _COMPARE),
    "invalid named capture group": ("this name of a group is used twice, or no name", "write `(?:…)`"),
    "pattern too large - compile failed": (
        "this pattern needs too much memory",
        "repeat less: `{1,20}` inside `{1,20}` is four hundred times",
    ),
    "invalid perl operator": ("RE2 does not know this group", _COMPARE),
    "invalid group syntax": ("RE2 does not know this group", _COMPARE),
}
