"""Everything that can be said against a ruleset: errors, and what is right but does nothing."""

from datetime import date
from pathlib import Path

from moderation.authoring.lint.never import never
from moderation.authoring.lint.overtaken import overtaken
from moderation.authoring.lint.shadowed import shadowed
from moderation.authoring.lint.words import word_problems
from moderation.rules import Problem, Ruleset, Severity, check_rules
from moderation.rules.diagnostics import tidy
from moderation.rules.documents import Reading
from moderation.rules.files import Given
from moderation.rules.source import Source

__all__ = ["check", "warnings"]


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
    """Return what is right in a ruleset but does nothing.

    Args:
        ruleset: what to look at.
        name: how to call its file.
    """
    document = Reading(Source(name, ruleset.source), Given(ruleset.files)).document()
    config = ruleset.config
    idle = list(never(config, ruleset.words))
    known = {finding.at[1] for finding in idle}  # said once is enough
    others = (finding for finding in shadowed(config, document) if finding.at[1] not in known)
    findings = [*idle, *others, *overtaken(ruleset)]
    problems = [document.problem(finding) for finding in findings]
    return [*problems, *word_problems(document, ruleset.files, name)]
