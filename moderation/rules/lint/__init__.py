"""What is right in a ruleset but does nothing."""

from collections.abc import Iterable

from moderation.rules import Problem, Ruleset
from moderation.rules.lint.never import find_never_firing
from moderation.rules.lint.shadowed import find_shadowed
from moderation.rules.lint.words import word_problems
from moderation.rules.reading.faults import Fault

__all__ = ["find_idle"]


def find_idle(ruleset: Ruleset, *, more: Iterable[Fault] = ()) -> list[Problem]:
    """Return what is right in a ruleset but does nothing.

    Args:
        ruleset: what to look at.
        more: what else was found out about the same ruleset.
    """
    config, document = ruleset.config, ruleset.document
    dead = list(find_never_firing(config, ruleset.words))
    known = {fault.at[1] for fault in dead}  # said once is enough
    others = (fault for fault in find_shadowed(config, document) if fault.at[1] not in known)
    faults = [*dead, *others, *more]
    problems = [document.problem(fault) for fault in faults]
    return [*problems, *word_problems(document, ruleset.files)]
