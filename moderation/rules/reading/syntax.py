"""What ruamel.yaml's syntax errors mean to somebody who writes rules, and where the mistake really is."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError, StreamMark

from moderation.rules.reading.faults import Fault, nearest_word, quoted
from moderation.rules.reading.lines import Lines, Mark


@dataclass(frozen=True, slots=True)
class _Mistake:
    """A syntax error with what is needed to explain it."""

    problem: str  # ruamel's words
    at: Mark
    began: Mark  # where the value began that ruamel was reading
    lines: Lines

    @property
    def line(self) -> str:
        return self.lines[self.at.line]

    @property
    def char(self) -> str:
        return self.line[self.at.column : self.at.column + 1]


_Explained = tuple[Mark, Fault]
_INDENT = Fault(
    "this line is indented differently from the lines it belongs to",
    "give the keys of one map, and the `-` of one list, the same number of spaces",
)


def explain_syntax_error(error: MarkedYAMLError, lines: Lines) -> _Explained:
    """Say where the mistake is and what to do about it.

    Args:
        error: what ruamel raised.
        lines: the source.
    """
    at = _mark(error.problem_mark, lines) or _mark(error.context_mark, lines) or Mark(0, 0)
    fault = _Mistake(str(error.problem or error.context), at, _mark(error.context_mark, lines) or at, lines)
    for words, explanation in _EXPLANATIONS:
        if words in fault.problem:
            return explanation(fault)
    return at, Fault(f"this is not valid YAML: {fault.problem}", "compare with docs/rules.md")


def _mark(mark: StreamMark | None, lines: Lines) -> Mark | None:
    return None if mark is None else lines.mark(mark.index)


def _start_of_token(fault: _Mistake) -> _Explained:
    if fault.char == "\t":
        indents = not fault.line[: fault.at.column].strip()
        hint = "indent with spaces; YAML takes no tabs" if indents else "write a space instead, or delete it"
        return fault.at, Fault("a tab stands where only spaces may", hint)
    return fault.at, Fault(
        f"a value can't start with `{fault.char}`", f'put the value in quotes: "{_rest(fault)}"'
    )


def _rest(fault: _Mistake) -> str:
    return fault.line[fault.at.column :].split("#")[0].split(",")[0].strip(" \t}]\"'")


def _block_text(fault: _Mistake) -> _Explained:
    """`links: > 2`: an unquoted `>` or `|` begins a block of text in YAML."""
    value = _rest(_Mistake(fault.problem, fault.began, fault.began, fault.lines))
    return (
        Mark(fault.began.line, fault.began.column, len(value)),
        Fault("this comparison needs quotes", f'write "{value}"'),
    )


def _second_colon(fault: _Mistake) -> _Explained:
    before = fault.line[: fault.at.column]
    if ": " in before:
        return fault.at, Fault(
            "there is a second `:` on this line", "put the value in quotes if the colon belongs to it"
        )
    above = next((n for n in range(fault.at.line - 1, -1, -1) if _code(fault.lines[n])), None)
    if above is not None and not _code(fault.lines[above]).endswith(":") and ": " not in fault.lines[above]:
        text = fault.lines[above]
        start = len(text) - len(text.lstrip())
        return Mark(above, start, len(_code(text))), Fault(
            "this line has no `: ` between a key and a value",
            "write `key: value`, with a space after the colon",
        )
    start = len(before) - len(before.lstrip())
    return Mark(fault.at.line, start, max(1, len(before.strip()))), _INDENT


def _code(line: str) -> str:
    """Return a line without its comment and its margins."""
    return line.split(" #", 1)[0].strip() if not line.lstrip().startswith("#") else ""


def _block_end(fault: _Mistake) -> _Explained:
    if "<scalar>" in fault.problem and fault.line[: fault.at.column].rstrip()[-1:] in {"]", "}"}:
        value = fault.line.partition(": ")[2].strip() or "[a-z]+"
        return fault.at, Fault(
            "the value goes on after its closing bracket", f"put all of it in single quotes: '{value}'"
        )
    if "<scalar>" in fault.problem and fault.line[: fault.at.column].rstrip()[-1:] in {"'", '"'}:
        return fault.at, Fault(
            "the text goes on after its closing quote",
            'if the quote is an apostrophe, put the whole text in double quotes: "it\'s"',
        )
    if fault.char in {"}", "]"}:
        return fault.at, Fault(f"`{fault.char}` closes nothing", "delete it, or add the opening bracket")
    return fault.at, _INDENT


def _document_start(fault: _Mistake) -> _Explained:
    return fault.at, _INDENT


def _bracket(fault: _Mistake) -> _Explained:
    opened = fault.lines[fault.began.line][fault.began.column]
    closing = {"[": "]", "{": "}"}.get(opened, "the closing bracket")
    if comment := _comment_in_brackets(fault):
        return comment
    if fault.at.line == fault.began.line and fault.char and fault.char not in {"}", "]"}:
        return fault.at, Fault("a comma is missing before this", "separate entries by commas")
    return fault.began, Fault(f"this `{opened}` is never closed", f"add `{closing}` after the last entry")


def _comment_in_brackets(fault: _Mistake) -> _Explained | None:
    """`[#spam, ok]`: whatever follows a `#` is a comment, the closing bracket too."""
    for number in range(fault.at.line, max(fault.at.line - 3, -1), -1):
        if comment := re.search(r"[\[{,]\s*(#[^\s,\]}]*).*[\]}]", fault.lines[number]):
            return Mark(number, comment.start(1), len(comment[1])), Fault(
                f"{quoted(comment[1])} begins a comment here, and the closing bracket is part of it",
                f'put it in quotes if the `#` belongs to it: "{comment[1]}"',
            )
    return None


def _list_on_line(fault: _Mistake) -> _Explained:
    return fault.at, Fault(
        "a list can't begin on the line of its key", "put each `- ` on a line of its own, and indent it"
    )


def _no_end(fault: _Mistake) -> _Explained:
    return fault.began, Fault("this quote is never closed", "add the same quote at the end of the value")


def _no_colon(fault: _Mistake) -> _Explained:
    text = fault.lines[fault.began.line][fault.began.column :]
    return Mark(fault.began.line, fault.began.column, max(1, len(_code(text)))), Fault(
        "this line has no `:` after its key", "write `key: value`, or indent it as part of the text above"
    )


def _escape(fault: _Mistake) -> _Explained:
    return fault.at, Fault(
        f"`\\{fault.char}` means nothing in double quotes",
        "use single quotes, or write `\\\\` for a backslash",
    )


def _alias(fault: _Mistake) -> _Explained:
    alias = re.match(r"[^\s,\]}]+", fault.line[fault.at.column :])
    name = alias[0] if alias else "*"
    anchors = [found for line in fault.lines for found in re.findall(r"(?<!\S)&([^\s,\]}]+)", line)]
    close = nearest_word(name.lstrip("*"), anchors)
    return Mark(fault.at.line, fault.at.column, len(name)), Fault(
        f"{quoted(name)} refers to an anchor that does not exist",
        f"did you mean `*{close}`?" if close else "put the value in quotes if the star belongs to it",
    )


def _anchor(fault: _Mistake) -> _Explained:
    return fault.began, Fault(
        "an unquoted `&` or `*` has a meaning of its own in YAML", "put the value in quotes"
    )


def _no_value(fault: _Mistake) -> _Explained:
    if comment := _comment_in_brackets(fault):
        return comment
    return fault.at, Fault(
        "a value is missing before this", "write one, or delete the comma or bracket that is too much"
    )


def _blank_line(fault: _Mistake) -> _Explained:
    above = max(fault.at.line - 1, 0)
    return Mark(above, 0, max(1, len(fault.lines[above]))), Fault(
        "this empty line has spaces in it, which set the indentation of the text below",
        "delete the spaces: an empty line has nothing in it",
    )


def _documents(fault: _Mistake) -> _Explained:
    return fault.at, Fault("a second document starts here", "delete this line: a ruleset is one document")


_EXPLANATIONS: tuple[tuple[str, Callable[[_Mistake], _Explained]], ...] = (
    ("cannot start any token", _start_of_token),
    ("expected a comment or a line break", _block_text),
    ("expected chomping or indentation", _block_text),
    ("mapping values are not allowed", _second_colon),
    ("expected <block end>", _block_end),
    ("expected '<document start>'", _document_start),
    ("expected ',' or", _bracket),
    ("unexpected end of stream", _no_end),
    ("could not find expected ':'", _no_colon),
    ("unknown escape character", _escape),
    ("undefined alias", _alias),
    ("expected alphabetic or numeric", _anchor),
    ("expected the node content", _no_value),
    ("found another document", _documents),
    ("more indented follow up line", _blank_line),
    ("sequence entries are not allowed", _list_on_line),
)
