"""Weighs what the checks found: pure, the same facts give the same reasons."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from moderation.domain import Action, CheckResult, Comment, Reason
from moderation.rules.builtin import Fired, Rule, Voice, builtin_rules
from moderation.rules.conditions import Condition, Hit
from moderation.rules.facts import Facts
from moderation.rules.messages import conclude, explained
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
    rules: Iterable[Rule], comment: Comment, results: Mapping[str, CheckResult], *, locale: str
) -> tuple[Reason, ...]:
    """Return a reason for every rule that fired: the strongest action first, else in the rules' order.

    What happens to the comment is said once, with the first reason: a weaker rule would promise
    something else.
    """
    facts = Facts(comment, results)
    fired = [one for rule in rules for one in rule(facts)]
    if not fired:
        return ()
    fired.sort(key=lambda one: -one.reason.action.strength)
    first, sentence = fired[0].reason, fired[0].sentence
    if sentence:
        end = conclude(sentence, first.action, comment.locale, locale)
        first = replace(first, message=first.message + end)
    return (first, *(one.reason for one in fired[1:]))


def _site_rule(rule: SiteRule, voice: Voice) -> Rule:
    conditions = rule.when.conditions

    def weigh(facts: Facts) -> Iterator[Fired]:
        hits = _all_hit(conditions, facts)
        if hits:
            evidence = {key: value for hit in hits for key, value in hit.evidence.items()}
            spans = tuple(sorted({span for hit in hits for span in hit.spans}))
            own = explained(rule.explain, facts.comment.locale, voice.locale)
            fired = voice.reason(rule.name, rule.action, facts, evidence, "rule")
            reason = replace(fired.reason, message=own or fired.reason.message, spans=spans)
            yield Fired(reason, "" if own else fired.sentence)

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
