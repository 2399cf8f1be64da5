"""Runs the examples that stand in the rules, and the cases of a site's cases.yaml."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from moderation.domain import Decision, Reason
from moderation.pipeline import Pipeline
from moderation.rule_tests.cases import Case, Cases
from moderation.rule_tests.report import Failure, TestReport
from moderation.rule_tests.trials import conditions_by_key, decide_examples, say_who_is_silent
from moderation.rules import Ruleset
from moderation.rules.conditions import Holds
from moderation.rules.conditions.facts import Facts
from moderation.rules.schema.config import RulesConfig
from moderation.rules.schema.examples import Example
from moderation.rules.schema.rule import Rule, Status
from moderation.rules.weighing.weigh import CompiledRules, compile_rules, weigh_facts


@dataclass(frozen=True, slots=True)
class _Trial:
    """An example of a rule, and whether it is to fire the rule."""

    rule: Rule
    example: Example
    fires: bool
    file: str
    line: int


def run_examples(ruleset: Ruleset, pipeline: Pipeline) -> TestReport:
    """Try every rule on its examples: `match` must fire the rule, `no_match` must not.

    A draft and a rule in the shadow are tried as if they were live, an expired one as if it were not; a retired
    one isn't. A rule with a `sample` is tried on all its examples.

    Args:
        ruleset: whose rules to try.
        pipeline: one that was opened for this ruleset; it finds what an example doesn't say.
    """
    trials = list(_trials(ruleset))
    decisions = decide_examples([trial.example for trial in trials], pipeline)
    bench = _Bench(ruleset.config)
    failures = (bench.judge(trial, decision) for trial, decision in zip(trials, decisions, strict=True))
    untested = [
        rule.name
        for rule in ruleset.config.rules
        if rule.status in {Status.LIVE, Status.SHADOW} and not rule.examples
    ]
    return TestReport(len(trials), tuple(one for one in failures if one), tuple(untested))


def run_cases(cases: Cases, pipeline: Pipeline) -> TestReport:
    """Try a site's own cases: each must end in its action, by the rules that it names.

    Args:
        cases: what to try.
        pipeline: of the ruleset to try them on; it finds what a case doesn't say.
    """
    decisions = decide_examples([case.comment for case in cases.cases], pipeline)
    failures = (
        _failed(case, line, decision, cases.file)
        for case, line, decision in zip(cases.cases, cases.lines, decisions, strict=True)
    )
    return TestReport(len(cases.cases), tuple(one for one in failures if one))


def _trials(ruleset: Ruleset) -> Iterator[_Trial]:
    for number, rule in enumerate(ruleset.config.rules):
        if rule.examples is None or rule.status is Status.RETIRED:
            continue
        for key, fires in (("match", True), ("no_match", False)):
            for place, example in enumerate(getattr(rule.examples, key) or ()):
                file, line = ruleset.document.line(("rules", number, "examples", key, place))
                yield _Trial(rule, example, fires, file, line)


class _Bench:
    """Rules of a ruleset, each on its own, as if it were live for every comment."""

    def __init__(self, config: RulesConfig) -> None:
        self._config = config
        self._alone: dict[str, CompiledRules] = {}

    def judge(self, trial: _Trial, decision: Decision) -> Failure | None:
        """Return what went otherwise than expected, if anything did."""
        rule, example, rules = trial.rule, trial.example, self._rules(trial.rule)
        facts = Facts(
            example.comment(),
            decision.checks,
            now=example.created_at.time if example.created_at else datetime.now(UTC),
            index=rules.index,
            max_bytes=rules.max_bytes,
        )
        reasons = weigh_facts(rules, facts, muted=(), without=()).reasons
        fired = next((reason for reason in reasons if reason.rule == rule.name), None)
        if bool(fired) is trial.fires:
            return None
        return Failure(
            trial.file,
            trial.line,
            rule.name,
            example.text,
            "the rule fires" if trial.fires else "the rule does not fire",
            _evidence(fired) if fired else _why_not(rule, facts),
            decision.action,
            (*decision.reasons, *decision.shadow),
        )

    def _rules(self, rule: Rule) -> CompiledRules:
        if rule.name not in self._alone:
            always = rule.model_copy(update={"status": Status.LIVE, "sample": 1.0, "expires": None})
            self._alone[rule.name] = compile_rules(self._config.model_copy(update={"rules": (always,)}))
        return self._alone[rule.name]


def _evidence(reason: Reason) -> str:
    return f"it fired: {', '.join(f'{key} {value}' for key, value in reason.evidence.items())}"


def _why_not(rule: Rule, facts: Facts) -> str:
    author = facts.comment.author
    if rule.moderators_exempt and author is not None and author.is_moderator:
        return "it passes over moderators"
    missing = [
        f"`{name}`"
        for name, condition in conditions_by_key(rule.when)
        if not isinstance(condition.hit(facts), Holds)
    ]
    holds = "do not hold" if missing[1:] else "does not hold"
    return f"it did not: {', '.join(missing)} {holds}{say_who_is_silent(facts.results)}"


def _failed(case: Case, line: int, decision: Decision, file: str) -> Failure | None:
    fired = [reason.rule for reason in decision.reasons]
    right = case.action in {None, decision.action} and (
        case.rules is None or (set(case.rules) <= set(fired) if case.rules else not fired)
    )
    if right:
        return None
    happened = f"{decision.action}, by {', '.join(fired) or 'no rule'}{say_who_is_silent(decision.checks)}"
    return Failure(
        file, line, "", case.comment.text, case.expected, happened, decision.action, decision.reasons
    )
