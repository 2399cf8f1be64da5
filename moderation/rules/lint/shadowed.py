"""Rules that change nothing, because another one does as much for the same comments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moderation.domain import Action
from moderation.rules.lint.facts import Fact, facts_of
from moderation.rules.reading.diagnostics import Severity
from moderation.rules.reading.faults import Fault
from moderation.rules.reading.merging import Document
from moderation.rules.schema.config import RulesConfig
from moderation.rules.schema.rule import Rule, Status
from moderation.rules.schema.thresholds import Levels, Thresholds, in_language

_DOES = {Action.REJECT: "rejects", Action.HOLD: "holds", Action.FLAG: "flags"}


@dataclass(frozen=True, slots=True)
class _Live:
    """A rule that acts, with what must be so for it to fire."""

    place: int
    rule: Rule
    facts: tuple[Fact, ...]
    kinds: frozenset[str]

    def covers(self, other: "_Live") -> bool:
        """Whether it does at least as much, wherever the other fires."""
        mine, its = self.rule, other.rule
        return (
            self.kinds <= other.kinds
            and mine.action.strength >= its.action.strength
            and mine.priority >= its.priority
            and mine.sample == 1
            and (mine.expires is None or (its.expires is not None and its.expires <= mine.expires))
            and (its.moderators_exempt or not mine.moderators_exempt)
            and all(any(fact.follows_from(known) for known in other.facts) for fact in self.facts)
        )


def find_shadowed(config: RulesConfig, document: Document) -> Iterator[Fault]:
    """Find live rules that another live rule, or a threshold, makes superfluous."""
    live = [
        _Live(place, rule, facts, frozenset(fact.kind for fact in facts))
        for place, rule in enumerate(config.rules)
        if rule.status is Status.LIVE and rule.action is not Action.APPROVE
        for facts in [tuple(facts_of(rule.when))]
    ]
    for one in live:
        if why := _by_a_rule(one, live, document) or _by_a_threshold(one, config):
            yield Fault(
                f"this rule changes nothing: {why}",
                "delete it, or make it catch something else",
                ("rules", one.place, "name"),
                severity=Severity.WARNING,
            )


def _by_a_rule(one: _Live, live: Sequence[_Live], document: Document) -> str:
    for other in live:
        if other is one or not other.covers(one):
            continue
        if one.covers(other) and one.place < other.place:
            continue  # twins: the later one is told
        file, line = document.line(("rules", other.place, "name"))
        return f"`{other.rule.name}` ({file}:{line}) {_DOES[other.rule.action]} all that it catches"
    return ""


def _by_a_threshold(one: _Live, config: RulesConfig) -> str:
    """Say which threshold acts on every score that a rule is about, in every language."""
    if not config.toxicity or one.rule.priority > 0:
        return ""
    usual = config.toxicity.thresholds
    tables = [usual, *(in_language(usual, own) for own in config.toxicity.by_language.values())]
    for fact in one.facts:
        attribute = fact.kind.removeprefix("score of ")
        if attribute == fact.kind:
            continue
        begins = [_begins(table, attribute, one.rule.action, fact.value.low) for table in tables]
        if None not in begins:
            return f"`toxicity.thresholds` does as much from {attribute} {begins[0]:g} on"
    return ""


def _begins(table: Thresholds, attribute: str, action: Action, low: float) -> float | None:
    """Return from which score on as strong an action is taken, if that is at `low` or below."""
    levels = table.get(attribute, Levels())
    scores = [score for level, score in levels.strongest_first() if level.strength >= action.strength]
    return min((score for score in scores if score <= low), default=None)
