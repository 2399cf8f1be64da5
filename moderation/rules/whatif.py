"""What other thresholds would have made of the same findings: nothing is scored again, nothing is stored."""

from collections.abc import Mapping
from datetime import datetime

from moderation.domain import UNDETERMINED, CheckResult, Comment
from moderation.rules.conditions.facts import Facts
from moderation.rules.ruleset import Ruleset
from moderation.rules.schema.thresholds import Levels, Thresholds, in_language
from moderation.rules.weighing.weigh import Weighed, compile_rules, weigh_facts


def thresholds_for(ruleset: Ruleset, language: str = UNDETERMINED) -> Thresholds:
    """Return the thresholds of comments in a language; none where the ruleset scores nothing."""
    toxicity = ruleset.config.toxicity
    if toxicity is None:
        return {}
    return in_language(toxicity.thresholds, toxicity.by_language.get(language, {}))


def weigh_with(
    ruleset: Ruleset,
    thresholds: Mapping[str, Levels],
    comment: Comment,
    results: Mapping[str, CheckResult],
    *,
    now: datetime,
) -> Weighed:
    """Weigh findings by a ruleset, with these thresholds in place of its own, whatever the language.

    Args:
        ruleset: what else decides.
        thresholds: by attribute; an attribute without an entry is never acted on.
        comment: what was checked.
        results: how each check ended, by its name.
        now: when the comment was written, aware.
    """
    toxicity = ruleset.config.toxicity
    changed = {"thresholds": dict(thresholds), "by_language": {}}
    config = ruleset.config.model_copy(update={"toxicity": toxicity and toxicity.model_copy(update=changed)})
    rules = compile_rules(config)
    facts = Facts(comment, results, now=now, index=rules.index, max_bytes=rules.max_bytes)
    return weigh_facts(rules, facts, muted=(), without=())
