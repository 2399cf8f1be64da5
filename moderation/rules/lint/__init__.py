"""What is right in a ruleset but does nothing."""

from collections.abc import Iterable

from moderation.rules import Problem, Ruleset
from moderation.rules.lint.never import never
from moderation.rules.lint.shadowed import shadowed
from moderation.rules.lint.words import word_problems
from moderation.rules.reading.faults import Finding

__all__ = ["idle"]


def idle(ruleset: Ruleset, *, more: Iterable[Finding] = ()) -> list[Problem]:
    """Return what is right in a ruleset but does nothing.

    Args:
        ruleset: what to look at.
        more: what else was found out about the same ruleset.
    """
    config, document = ruleset.config, ruleset.document
    dead = list(never(config, ruleset.words))
    known = {finding.at[1] for finding in dead}  # said once is enough
    others = (finding for finding in shadowed(config, document) if finding.at[1] not in known)
    findings = [*dead, *others, *more]
    problems = [document.problem(finding) for finding in findings]
    return [*problems, *word_problems(document, ruleset.files)]
