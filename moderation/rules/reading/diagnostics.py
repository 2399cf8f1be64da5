"""Problems of a rules file, shown like a compiler's: where, what, the line itself, and what to do."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

_WIDEST = 100  # columns of a source line that are shown; a minified file has no useful whole line
_TAB = "    "


class Severity(StrEnum):
    """Whether a problem stops the ruleset from being used."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes:
        severity: an error stops the ruleset from being used, a warning does not.
        file: the file, as the user named it.
        line: from 1; 0 if the problem is about the whole file.
        column: from 1, in code points of the line.
        message: what is wrong: lower case, no full stop, names in backticks.
        hint: what to do about it; may be empty.
        source_line: the line as it stands in the file.
        length: how many code points the problem covers, 1 or more.
    """

    severity: Severity
    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    source_line: str = field(default="", repr=False)
    length: int = 1

    def render(self) -> str:
        """Show the problem with its source line, a caret under what is meant, and the hint."""
        place = _printable(f"{self.file}:{self.line}:{self.column}" if self.line else self.file)
        gutter = " " * len(str(self.line))
        parts = [f"{self.severity}: {self.message}", f"{gutter}--> {place}"]
        if self.line:
            text, carets = _excerpt(self.source_line, self.column - 1, self.length)
            parts += [f"{gutter} |", f"{self.line} | {text}".rstrip(), f"{gutter} | {carets}"]
        if self.hint:
            parts.append(f"{gutter} = hint: {self.hint}")
        return "\n".join(parts)


def render(problems: Iterable[Problem]) -> str:
    """Show problems in the order given, with a line that counts them at the end."""
    shown = list(problems)
    counts = Counter(problem.severity for problem in shown)
    total = ", ".join(
        f"{counts[severity]} {severity}{'s' if counts[severity] > 1 else ''}"
        for severity in Severity
        if counts[severity]
    )
    return "\n\n".join([*(problem.render() for problem in shown), total])


def in_order_of_place(problems: Iterable[Problem], *, first: str = "") -> list[Problem]:
    """Sort problems by file and place, each once; those of the file `first` come first."""
    unique = list(dict.fromkeys(problems))
    files = list(dict.fromkeys([first, *(problem.file for problem in unique)]))
    return sorted(unique, key=lambda problem: (files.index(problem.file), problem.line, problem.column))


def _excerpt(line: str, start: int, length: int) -> tuple[str, str]:
    """Cut a line to what fits, and put carets under `length` characters from `start`."""
    skipped = max(0, start - _WIDEST // 2) if len(line) > _WIDEST else 0
    lead = "…" if skipped else ""
    shown = line[skipped : skipped + _WIDEST]
    trail = "…" if skipped + _WIDEST < len(line) else ""
    before, meant = shown[: start - skipped], shown[start - skipped :][:length]
    carets = "^" * max(1, _width(meant))
    return lead + _printable(shown) + trail, " " * _width(lead + before) + carets


def _printable(text: str) -> str:
    """Show tabs as spaces, and what would move the cursor or hide text as a replacement mark."""
    return "".join(_TAB if char == "\t" else "�" if _hidden(char) else char for char in text)


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _width(text: str) -> int:
    """Columns that a terminal gives a text: Korean letters take two, stacked marks none."""
    from rich.cells import cell_len  # noqa: PLC0415 - who only embeds the library prints no carets

    return cell_len(_printable(text))
