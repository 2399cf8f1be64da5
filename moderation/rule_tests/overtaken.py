"""Examples that show something else than their author thinks."""

from collections.abc import Iterator

from moderation.domain import Action, Reason
from moderation.pipeline import Pipeline
from moderation.rule_tests.trials import decide
from moderation.rules import Ruleset
from moderation.rules.reading.diagnostics import Severity
from moderation.rules.reading.faults import Finding
from moderation.rules.schema.rule import Status


def overtaken(ruleset: Ruleset) -> Iterator[Finding]:
    """Find examples of what a rule catches that another rule catches with a stronger action.

    The checks are the real ones but for the model and the detector, which take long to load: for those, an example
    counts as far as it gives scores and a language.
    """
    pipeline = Pipeline(ruleset, detector=None, scorer=None)
    for place, rule in enumerate(ruleset.config.rules):
        examples = rule.examples.match if rule.examples else None
        if not examples or rule.status is not Status.LIVE or rule.action is Action.APPROVE:
            continue
        for number, decision in enumerate(decide(examples, pipeline)):
            first = decision.reasons[0] if decision.reasons else None
            if first and first.action.strength > rule.action.strength:
                yield Finding(
                    f"`{first.rule}` catches this example first: {_does(first)}",
                    "change the example, or the order of the two with `priority` and `action`",
                    ("rules", place, "examples", "match", number),
                    severity=Severity.WARNING,
                )


def _does(reason: Reason) -> str:
    return {Action.REJECT: "it rejects", Action.HOLD: "it holds", Action.FLAG: "it flags"}[reason.action]
