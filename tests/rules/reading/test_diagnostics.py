"""How a problem is shown, where the golden files do not reach."""

import pytest

from moderation.rules import Problem, Severity, render
from moderation.rules.reading.diagnostics import in_order_of_place


def problem(line="name: x", column=7, length=1, **changes):
    fields = {"severity": Severity.ERROR, "file": "r.yaml", "line": 3, "message": "wrong", **changes}
    return Problem(column=column, source_line=line, length=length, **fields)


def carets(line, column, length=1):
    text, below = problem(line, column, length).render().splitlines()[3:5]
    return text.removeprefix("3 | "), below.removeprefix("  | ")


@pytest.mark.parametrize(
    ("line", "column", "shown", "below"),
    [
        ("a: 한국 x", 7, "a: 한국 x", "        ^"),
        ("a: x", 4, "a: x", "   ^"),
        ("\ta", 2, "    a", "    ^"),
        ("e\u0301a", 3, "e\u0301a", " ^"),
        ("a\u202eb\x1b[0mc", 8, "a�b�[0mc", "       ^"),
        ("日", 1, "日", "^^"),
        ("", 1, "", "^"),
        ("short", 99, "short", "     ^"),
    ],
    ids=["wide", "plain", "tab", "combining", "control", "wide itself", "empty line", "past the end"],
)  # fmt: skip
def test_carets_stand_under_what_is_meant(line, column, shown, below):
    assert carets(line, column) in {(shown, below), ("3 |", below)}


@pytest.mark.parametrize("column", [1, 60, 400, 1000])
def test_a_long_line_is_cut_around_the_place(column):
    line = "".join(chr(97 + n % 26) for n in range(1000))
    text, below = carets(line, column)
    assert len(text) <= 102
    assert text[below.index("^")] == line[column - 1]


def test_problems_are_counted_by_severity():
    warning = problem(severity=Severity.WARNING)
    assert render([problem(), problem(), warning]).endswith("\n\n2 errors, 1 warning")


def test_problems_come_by_file_then_place_and_once():
    first, second, other = (
        problem(line="a", column=1),
        problem(line="a", column=3),
        problem(file="b.txt", column=1),
    )
    assert in_order_of_place([second, other, first, second]) == [first, second, other]
    assert in_order_of_place([other, first]) == [other, first]
