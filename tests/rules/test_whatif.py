"""Other thresholds on the same scores."""

from datetime import UTC, datetime

import pytest

from moderation.domain import Action, CheckResult, Comment, Outcome, Signal, SignalName
from moderation.rules import Ruleset
from moderation.rules.schema.thresholds import Levels
from moderation.rules.whatif import thresholds_for, weigh_with

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULES = Ruleset.parse(
    """version: 1
toxicity:
  thresholds: {toxicity: {flag: 0.5, hold: 0.8}}
  by_language: {ko: {toxicity: {hold: 0.6}}}
rules:
  - {name: heat, when: {scores: {toxicity: ">= 0.3"}}, action: flag}
"""
)


def results(score, language="ko"):
    return {
        "language": CheckResult(Outcome.OK, (Signal(SignalName.LANGUAGE, language, confidence=0.9),)),
        "toxicity": CheckResult(Outcome.OK, (Signal(SignalName.SCORE, score, "toxicity"),)),
    }


def weighed(thresholds, score=0.7):
    return weigh_with(RULES, thresholds, Comment("x"), results(score), now=NOON)


@pytest.mark.parametrize(("language", "hold"), [("ko", 0.6), ("en", 0.8), ("und", 0.8)])
def test_thresholds_are_those_of_the_language(language, hold):
    assert thresholds_for(RULES, language)["toxicity"].hold == hold


def test_the_rulesets_own_thresholds_give_its_own_decision():
    own = thresholds_for(RULES, "ko")
    assert weighed(own) == RULES.weigh(Comment("x"), results(0.7), now=NOON)


@pytest.mark.parametrize(
    ("levels", "action"),
    [
        pytest.param(Levels(hold=0.71), Action.FLAG, id="just-above"),
        pytest.param(Levels(hold=0.7), Action.HOLD, id="just-at"),
        pytest.param(Levels.model_construct(flag=0.1, hold=0.1, reject=0.1), Action.REJECT, id="all-alike"),
        pytest.param(Levels(), Action.FLAG, id="never"),
    ],
)
def test_changed_thresholds_count_whatever_the_language_and_other_rules_stay(levels, action):
    found = weighed({"toxicity": levels})
    assert found.action is action
    assert "heat" in {reason.rule for reason in found.reasons}


def test_rules_without_a_model_have_no_thresholds():
    plain = Ruleset.parse("version: 1\ntoxicity: false\n")
    assert thresholds_for(plain) == {}
    assert weigh_with(plain, {}, Comment("x"), {}, now=NOON).action is Action.APPROVE
