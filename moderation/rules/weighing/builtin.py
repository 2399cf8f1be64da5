"""The rules that come with the schema: what each section of rules.yaml makes of the findings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain import UNDETERMINED, Action, Outcome, Reason, SignalName, doubts_in
from moderation.rules.conditions.facts import Facts
from moderation.rules.messages import Times, say_why
from moderation.rules.schema.config import LanguageSection, Length, Repetition, RulesConfig, Toxicity
from moderation.rules.schema.thresholds import Thresholds, in_language
from moderation.rules.values.failures import NO_ANSWER, OnFailure


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A reason whose message says why, and nothing yet of what happens to the comment.

    Attributes:
        sentence: key of the message's sentence; empty if the site's own words are all that is said.
        priority: of the rule; built-in rules have 0.
    """

    reason: Reason
    sentence: str
    priority: int = 0


BuiltinRule = Callable[[Facts], Iterator[FiredRule]]
"""Weighs the facts, and yields each time that it fires."""


def builtin_rules(config: RulesConfig) -> tuple[BuiltinRule, ...]:
    """Return the built-in rules that do anything, in the order of the checks."""
    voice = Voice(config.locale)
    length, repetition, language = config.length, config.repetition, config.language
    rules = []
    if length.action is not Action.APPROVE:
        rules.append(_length(length, voice))
    if repetition and repetition.action is not Action.APPROVE:
        rules.append(_repetition(repetition, voice))
    if language and language.unexpected is not Action.APPROVE:
        rules.append(_language(language, voice))
    if config.toxicity:
        rules.append(_toxicity(config.toxicity, voice))
    return (*rules, _on_failure(config.on_failure, voice))


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks the author's language, else the site's."""

    locale: str

    def reason(
        self,
        rule: str,
        action: Action,
        facts: Facts,
        evidence: Mapping[str, Any],
        sentence: str = "",
        **values: object,
    ) -> FiredRule:
        """Make a reason; `sentence` names the sentence where it isn't the rule's own."""
        sentence = sentence or rule
        message = say_why(sentence, facts.comment.locale, self.locale, **{**evidence, **values})
        return FiredRule(Reason(rule, action, message, evidence=evidence), sentence)


def _length(config: Length, voice: Voice) -> BuiltinRule:
    def weigh(facts: Facts) -> Iterator[FiredRule]:
        if facts.all(SignalName.EMPTY):
            yield voice.reason("length.empty", config.action, facts, {"min": config.min})
            return
        graphemes, size = _whole(facts, SignalName.GRAPHEMES), _whole(facts, SignalName.BYTES)
        if graphemes is not None and graphemes > config.max:
            evidence = {"graphemes": graphemes, "max": config.max}
            over = graphemes - config.max
            yield voice.reason("length.too_long", config.action, facts, evidence, over=over)
        elif size is not None and size > config.max_bytes:
            evidence = {"bytes": size, "max_bytes": config.max_bytes}
            yield voice.reason("length.too_long", config.action, facts, evidence, "length.too_large")
        elif graphemes is not None and graphemes < config.min:
            evidence = {"graphemes": graphemes, "min": config.min}
            over = config.min - graphemes
            yield voice.reason("length.too_short", config.action, facts, evidence, over=over)

    return weigh


def _whole(facts: Facts, name: SignalName) -> int | None:
    number = facts.number(name)
    return None if number is None else int(number)


def _repetition(config: Repetition, voice: Voice) -> BuiltinRule:
    limits = [(key, limit) for key, limit in (("author", config.author), ("thread", config.thread)) if limit]
    window = config.window

    def weigh(facts: Facts) -> Iterator[FiredRule]:
        for key, limit in limits:
            repeats = facts.number(SignalName.REPEATED, key)
            if repeats is not None and repeats >= limit:
                evidence = {"repeats": int(repeats), "limit": limit, "window": window.text}
                rule, times = f"repetition.{key}", Times(int(repeats))
                yield voice.reason(rule, config.action, facts, evidence, repeats=times, window=window.time)

    return weigh


def _language(config: LanguageSection, voice: Voice) -> BuiltinRule:
    welcome = frozenset((*config.expected, UNDETERMINED))

    def weigh(facts: Facts) -> Iterator[FiredRule]:
        for signal in facts.all(SignalName.LANGUAGE):
            if signal.value not in welcome:
                evidence = {
                    "language": signal.value,
                    "confidence": signal.confidence,
                    "expected": list(config.expected),
                }
                expected = config.expected
                yield voice.reason(
                    "language.unexpected", config.unexpected, facts, evidence, expected=expected
                )

    return weigh


def _toxicity(config: Toxicity, voice: Voice) -> BuiltinRule:
    usual = _table(config.thresholds)
    tables = {code: _table(in_language(config.thresholds, own)) for code, own in config.by_language.items()}

    def weigh(facts: Facts) -> Iterator[FiredRule]:
        table = tables.get(facts.language or UNDETERMINED, usual)
        doubts = doubts_in(facts.all(SignalName.DOUBTFUL))
        for attribute, score in facts.scores.items():
            for action, threshold in table.get(attribute, ()):
                if score >= threshold:
                    evidence = {"attribute": attribute, "score": score, "threshold": threshold, **doubts}
                    yield voice.reason(f"toxicity.{attribute}", action, facts, evidence)
                    break

    return weigh


def _table(thresholds: Thresholds) -> Mapping[str, tuple[tuple[Action, float], ...]]:
    return {attribute: levels.strongest_first() for attribute, levels in thresholds.items()}


def _on_failure(config: OnFailure, voice: Voice) -> BuiltinRule:
    def weigh(facts: Facts) -> Iterator[FiredRule]:
        for check, result in facts.results.items():
            if result.outcome not in NO_ANSWER:
                continue
            action = config.action(check, result.outcome)
            if action is not Action.APPROVE:
                rule = f"on_failure.{check}.{result.outcome}"
                evidence = {"check": check, "outcome": result.outcome.value}
                if result.error:
                    evidence["error"] = result.error
                unknown = result.outcome is Outcome.NOT_COVERED
                sentence = "on_failure.not_covered" if unknown else "on_failure"
                yield voice.reason(rule, action, facts, evidence, sentence)

    return weigh
