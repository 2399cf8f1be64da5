"""Runs the examples that stand in the rules, and the cases of a site's cases.yaml."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from moderation.authoring.cases import Case, Cases
from moderation.authoring.report import Failure, TestReport
from moderation.authoring.trials import decide, listed, no_answer
from moderation.domain import Decision, Reason
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.rules.builtin import Voice
from moderation.rules.examples import Example
from moderation.rules.facts import Facts
from moderation.rules.own import OwnRule
from moderation.rules.rule import Rule, Status
from moderation.rules.ruleset import RULES_FILE
from moderation.rules.source import Source


@dataclass(frozen=True, slots=True)
class _Trial:
    """An example of a rule, and whether it is to fire the rule."""

    rule: Rule
    example: Example
    fires: bool
    line: int


def run_examples(ruleset: Ruleset, pipeline: Pipeline, *, name: str = RULES_FILE) -> TestReport:
    """Try every rule on its examples: `match` must fire the rule, `no_match` must not.

    A draft and a rule in the shadow are tried as if they were live, an expired one as if it were not; a retired
    one isn't. A rule with a `sample` is tried on all its examples.

    Args:
        ruleset: whose rules to try.
        pipeline: one that was opened for this ruleset; it finds what an example doesn't say.
        name: how to call the file in failures.
    """
    trials = list(_trials(ruleset, name))
    decisions = decide([trial.example for trial in trials], pipeline)
    failures = (
        _judged(trial, decision, ruleset.config.locale, name)
        for trial, decision in zip(trials, decisions, strict=True)
    )
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
    decisions = decide([case.comment for case in cases.cases], pipeline)
    failures = (
        _failed(case, line, decision, cases.file)
        for case, line, decision in zip(cases.cases, cases.lines, decisions, strict=True)
    )
    return TestReport(len(cases.cases), tuple(one for one in failures if one))


def _trials(ruleset: Ruleset, name: str) -> Iterator[_Trial]:
    tree = Source(name, ruleset.source).tree()
    for number, rule in enumerate(ruleset.config.rules):
        if rule.examples is None or rule.status is Status.RETIRED:
            continue
        for key, fires in (("match", True), ("no_match", False)):
            for place, example in enumerate(getattr(rule.examples, key) or ()):
                mark = tree.place(("rules", number, "examples", key, place))
                yield _Trial(rule, example, fires, mark.line + 1)


def _judged(trial: _Trial, decision: Decision, locale: str, file: str) -> Failure | None:
    facts = Facts(trial.example.comment(), decision.checks, now=_now(trial.example))
    always = trial.rule.model_copy(update={"sample": 1.0, "expires": None})
    fired = OwnRule.of(always, Voice(locale)).weigh(facts)
    if bool(fired) is trial.fires:
        return None
    return Failure(
        file,
        trial.line,
        trial.rule.name,
        trial.example.text,
        "the rule fires" if trial.fires else "the rule does not fire",
        _evidence(fired.reason) if fired else _why_not(trial.rule, facts),
        decision.action,
        (*decision.reasons, *decision.shadow),
    )


def _now(example: Example) -> datetime:
    return example.created_at.time if example.created_at else datetime.now(UTC)


def _evidence(reason: Reason) -> str:
    return f"it fired: {listed(f'{key} {value}' for key, value in reason.evidence.items())}"


def _why_not(rule: Rule, facts: Facts) -> str:
    author = facts.comment.author
    if rule.moderators_exempt and author is not None and author.is_moderator:
        return "it passes over moderators"
    missing = [
        name
        for name in type(rule.when).model_fields
        if (condition := getattr(rule.when, name)) is not None and condition.hit(facts) is None
    ]
    why = f"it did not: {listed(f'`{name}`' for name in missing)} {'do' if missing[1:] else 'does'} not hold"
    return why + no_answer(facts.results)


def _failed(case: Case, line: int, decision: Decision, file: str) -> Failure | None:
    fired = [reason.rule for reason in decision.reasons]
    right = case.action in {None, decision.action} and (
        case.rules is None or (set(case.rules) <= set(fired) if case.rules else not fired)
    )
    if right:
        return None
    happened = f"{decision.action}, by {listed(fired) if fired else 'no rule'}{no_answer(decision.checks)}"
    return Failure(
        file, line, "", case.comment.text, case.expected, happened, decision.action, decision.reasons
    )
