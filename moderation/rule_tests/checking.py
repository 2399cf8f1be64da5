"""Everything that can be said against a ruleset: errors, and what is right but does nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from moderation.domain import Action, Reason
from moderation.pipeline import Pipeline
from moderation.rule_tests.trials import decide_examples
from moderation.rules import Problem, Ruleset, Severity, check_rules
from moderation.rules.lint import find_idle
from moderation.rules.reading.diagnostics import in_order_of_place
from moderation.rules.reading.faults import Fault
from moderation.rules.schema.rule import Status


def check_file(path: Path, *, today: date | None = None) -> list[Problem]:
    """Return every error and warning of a rules.yaml and of the files that it names, in order of place.

    Args:
        path: the rules.yaml.
        today: the day that rules expire by; today, UTC, if it is not given.
    """
    ruleset, problems = check_rules(path, today=today)
    if ruleset is None:
        return problems
    return in_order_of_place([*problems, *find_warnings(ruleset)], first=str(path))


def find_warnings(ruleset: Ruleset) -> list[Problem]:
    """Return what is right in a ruleset but does nothing, examples that another rule overtakes among it."""
    return find_idle(ruleset, more=_overtaken(ruleset))


def _overtaken(ruleset: Ruleset) -> Iterator[Fault]:
    """Find examples of what a rule catches that another rule catches with a stronger action.

    The checks are the real ones but for the model and the detector, which take long to load: for those, an example
    counts as far as it gives scores and a language.
    """
    pipeline = Pipeline(ruleset, detector=None, scorer=None)
    for place, rule in enumerate(ruleset.config.rules):
        examples = rule.examples.match if rule.examples else None
        if not examples or rule.status is not Status.LIVE or rule.action is Action.APPROVE:
            continue
        for number, decision in enumerate(decide_examples(examples, pipeline)):
            first = decision.reasons[0] if decision.reasons else None
            if first and first.action.strength > rule.action.strength:
                yield Fault(
                    f"`{first.rule}` catches this example first: {_does(first)}",
                    "change the example, or the order of the two with `priority` and `action`",
                    ("rules", place, "examples", "match", number),
                    severity=Severity.WARNING,
                )


def _does(reason: Reason) -> str:
    return {Action.REJECT: "it rejects", Action.HOLD: "it holds", Action.FLAG: "it flags"}[reason.action]
