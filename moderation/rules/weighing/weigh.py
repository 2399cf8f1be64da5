"""Weighs what the checks found: pure, the same facts give the same reasons."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from moderation.domain import Action, Reason
from moderation.rules.conditions import Condition, DomainCondition, Repeated, TextCondition
from moderation.rules.conditions.facts import Facts
from moderation.rules.conditions.search import Index
from moderation.rules.conditions.sought import Sought
from moderation.rules.messages import say_what_happens
from moderation.rules.schema.config import RulesConfig
from moderation.rules.schema.rule import Status
from moderation.rules.weighing.builtin import BuiltinRule, FiredRule, Voice, builtin_rules
from moderation.rules.weighing.own import OwnRule, OwnRules

_BOX = "length."  # the size of the comment box: no rule of the site's can overrule it


def action_of(reasons: Iterable[Reason]) -> Action:
    """Return the strongest action that any reason asks for; approve if there is none."""
    return max(
        (reason.action for reason in reasons), key=lambda action: action.strength, default=Action.APPROVE
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the rules make of a comment.

    Attributes:
        action: the strongest action of the reasons; approve if there are none.
        reasons: every rule that fired and was not overruled, the strongest action first, built-in rules
            first among equals. A rule that approves names in its evidence whom it `overruled`.
        shadow: what rules in the shadow would have said, strongest first; nothing of it acts.
    """

    action: Action
    reasons: tuple[Reason, ...]
    shadow: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """Every rule of a ruleset, prepared for many comments."""

    builtin: tuple[BuiltinRule, ...]
    live: OwnRules
    shadow: OwnRules
    index: Index
    repeat_windows: tuple[timedelta, ...]
    max_bytes: int
    locale: str


def compile_rules(config: RulesConfig) -> CompiledRules:
    """Prepare every rule that is to be weighed: the built-in ones, and the site's own, live or in the shadow."""
    voice = Voice(config.locale)
    live, shadow = (
        tuple(OwnRule.prepare(rule, voice) for rule in config.rules if rule.status is status)
        for status in (Status.LIVE, Status.SHADOW)
    )
    conditions = [one for rule in (*live, *shadow) for one in rule.rule.when.all_conditions()]
    return CompiledRules(
        builtin=builtin_rules(config),
        live=OwnRules(live),
        shadow=OwnRules(shadow),
        index=Index(_sought(conditions)),
        repeat_windows=_windows(conditions),
        max_bytes=config.length.max_bytes,
        locale=config.locale,
    )


def _sought(conditions: Iterable[Condition]) -> Iterator[Sought]:
    """Yield everything that conditions look for in texts."""
    for condition in conditions:
        if isinstance(condition, (TextCondition, DomainCondition)) and condition.sought:
            yield condition.sought


def _windows(conditions: Iterable[Condition]) -> tuple[timedelta, ...]:
    """List the windows in which conditions ask about repetition, each once."""
    windows = {
        window.time
        for condition in conditions
        if isinstance(condition, Repeated)
        for window in condition.windows
    }
    return tuple(sorted(windows))


def weigh_facts(
    rules: CompiledRules, facts: Facts, *, muted: Collection[str], without: Collection[str]
) -> Weighed:
    """Weigh the facts by every rule.

    Args:
        rules: what to weigh by.
        facts: what is known.
        muted: names of rules that may not reject: they hold instead.
        without: names of rules that are left out.
    """
    fired = [one for rule in rules.builtin for one in rule(facts) if one.reason.rule not in without]
    fired += rules.live.weigh(facts, without)
    standing = _strongest_first(
        _overrule([_braked(one) if one.reason.rule in muted else one for one in fired])
    )
    reasons = _concluded(standing, facts.comment.locale, rules.locale)
    shadow = tuple(one.reason for one in _strongest_first(rules.shadow.weigh(facts, without)))
    return Weighed(action_of(reasons), reasons, shadow)


def _braked(fired: FiredRule) -> FiredRule:
    """Take a rule's power to reject."""
    reason = fired.reason
    if reason.action is not Action.REJECT:
        return fired
    evidence = {**reason.evidence, "braked": True}
    return replace(fired, reason=replace(reason, action=Action.HOLD, evidence=evidence))


def _overrule(fired: Sequence[FiredRule]) -> list[FiredRule]:
    """Let rules that approve cancel what has a lower priority than theirs, but for the box's size."""
    approving = [one for one in fired if one.reason.action is Action.APPROVE]
    if not approving:
        return list(fired)
    others = [one for one in fired if one.reason.action is not Action.APPROVE]
    highest = max(one.priority for one in approving)
    standing = [one for one in others if one.priority >= highest or one.reason.rule.startswith(_BOX)]
    return standing + [_telling_whom(one, others) for one in approving]


def _telling_whom(approving: FiredRule, others: Iterable[FiredRule]) -> FiredRule:
    """Record which rules an approving rule cancelled: nothing else would show that they fired."""
    overruled = sorted(
        {
            one.reason.rule
            for one in others
            if one.priority < approving.priority and not one.reason.rule.startswith(_BOX)
        }
    )
    reason = approving.reason
    return replace(approving, reason=replace(reason, evidence={**reason.evidence, "overruled": overruled}))


def _strongest_first(fired: Iterable[FiredRule]) -> list[FiredRule]:
    return sorted(fired, key=lambda one: -one.reason.action.strength)


def _concluded(fired: Sequence[FiredRule], *locales: str | None) -> tuple[Reason, ...]:
    """Say what happens to the comment once, with the first reason: a weaker rule would promise something else."""
    if not fired:
        return ()
    first = fired[0].reason
    if fired[0].sentence and first.action is not Action.APPROVE:
        first = replace(
            first, message=first.message + say_what_happens(fired[0].sentence, first.action, *locales)
        )
    return (first, *(one.reason for one in fired[1:]))
