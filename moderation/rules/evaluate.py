"""Weighs what the checks found: pure, the same facts give the same reasons."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from moderation.domain import Action, CheckResult, Comment, Reason
from moderation.rules.builtin import Rule, Voice, builtin_rules
from moderation.rules.conditions import Condition, Hit
from moderation.rules.facts import Facts
from moderation.rules.messages import explained
from moderation.rules.schema import Rule as SiteRule
from moderation.rules.schema import RulesConfig


def action_of(reasons: Iterable[Reason]) -> Action:
    """Return the strongest action that any reason asks for; approve if there is none."""
    return max(
        (reason.action for reason in reasons), key=lambda action: action.strength, default=Action.APPROVE
    )


def compile_rules(config: RulesConfig) -> tuple[Rule, ...]:
    """Prepare every rule of a ruleset for many comments: the built-in ones, then the site's own."""
    voice = Voice(config.locale)
    return (*builtin_rules(config), *(_site_rule(rule, voice) for rule in config.rules))


def evaluate(
    rules: Iterable[Rule], comment: Comment, results: Mapping[str, CheckResult]
) -> tuple[Reason, ...]:
    """Return a reason for every rule that fired: the strongest action first, else in the rules' order."""
    facts = Facts(comment, results)
    fired = (reason for rule in rules for reason in rule(facts))
    return tuple(sorted(fired, key=lambda reason: -reason.action.strength))


def _site_rule(rule: SiteRule, voice: Voice) -> Rule:
    conditions = rule.when.conditions

    def weigh(facts: Facts) -> Iterator[Reason]:
        hits = _all_hit(conditions, facts)
        if hits:
            evidence = {key: value for hit in hits for key, value in hit.evidence.items()}
            spans = tuple(sorted({span for hit in hits for span in hit.spans}))
            own = explained(rule.explain, facts.comment.locale, voice.locale)
            reason = voice.reason(rule.name, rule.action, facts, evidence, "rule")
            yield replace(reason, message=own or reason.message, spans=spans)

    return weigh


def _all_hit(conditions: Iterable[Condition], facts: Facts) -> list[Hit]:
    """Return a hit for each condition, or none at all as soon as one does not hold."""
    hits = []
    for condition in conditions:
        hit = condition.hit(facts)
        if hit is None:
            return []
        hits.append(hit)
    return hits
