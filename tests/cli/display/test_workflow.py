"""Problems as GitHub's workflow commands."""

import pytest

from moderation.cli.display.workflow import workflow_command
from moderation.rules import Problem, Severity


def problem(**changes):
    fields = {"severity": Severity.ERROR, "file": "rules.yaml", "line": 3, "column": 5, "message": "wrong"}
    return Problem(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "command"),
    [
        ({}, "::error file=rules.yaml,line=3,col=5,endColumn=6::wrong"),
        (
            {"length": 4, "severity": Severity.WARNING},
            "::warning file=rules.yaml,line=3,col=5,endColumn=9::wrong",
        ),
        ({"hint": "mend it"}, "::error file=rules.yaml,line=3,col=5,endColumn=6::wrong%0Ahint: mend it"),
        ({"line": 0, "column": 0}, "::error file=rules.yaml::wrong"),
        ({"message": "a::b, 30 %\r"}, "::error file=rules.yaml,line=3,col=5,endColumn=6::a::b, 30 %25%0D"),
        ({"file": "a,b:%.yaml", "line": 0}, "::error file=a%2Cb%3A%25.yaml::wrong"),
    ],
    ids=["place", "warning", "hint", "whole file", "message escaped", "path escaped"],
)
def test_a_problem_is_one_command(changes, command):
    assert workflow_command(problem(**changes)) == command
