"""Everything that can be said against a ruleset: errors, and what is right but does nothing."""

from datetime import date
from pathlib import Path

from moderation.rule_tests.overtaken import overtaken
from moderation.rules import Problem, Ruleset, Severity, check_rules
from moderation.rules.lint import idle
from moderation.rules.reading.diagnostics import tidy


def check(path: Path, *, today: date | None = None) -> list[Problem]:
    """Return every error and warning of a rules.yaml and of the files that it names, in order of place.

    Args:
        path: the rules.yaml.
        today: the day that rules expire by; today, UTC, if it is not given.
    """
    problems = check_rules(path, today=today)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return problems
    return tidy([*problems, *warnings(Ruleset.load(path), str(path))], first=str(path))


def warnings(ruleset: Ruleset, name: str) -> list[Problem]:
    """Return what is right in a ruleset but does nothing, examples that another rule overtakes among it.

    Args:
        ruleset: what to look at.
        name: how to call its file.
    """
    return idle(ruleset, name, more=overtaken(ruleset))
