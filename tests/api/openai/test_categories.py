"""What OpenAI's categories are made of, and from when on they are true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.api.openai.categories import CATEGORIES, held_from, moderation_result, unscored
from moderation.domain import ATTRIBUTES, Action, CheckResult, Language, Outcome, Signal, SignalName
from moderation.pipeline import Scored
from moderation.rules import Ruleset
from tests.support.serving_dialects import rules_of

KEYS = {
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent"),
    *("self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors"),
    *("violence", "violence/graphic"),
}
MAPS = ("categories", "category_scores", "category_applied_input_types")
DEFAULT = Ruleset.default()


def scored(scores, language="en", outcome=Outcome.OK):
    signals = tuple(Signal(SignalName.SCORE, score, key) for key, score in scores.items())
    return Scored(Language(language, 1.0), language, CheckResult(outcome, signals))


def true_in(result):
    return {name for name, found in result["categories"].items() if found}


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        pytest.param({"insult": 0.85}, {"harassment"}, id="insult"),
        pytest.param({"insult": 0.84}, set(), id="below"),
        pytest.param({"toxicity": 0.7, "insult": 0.2}, {"harassment"}, id="only toxicity"),
        pytest.param({"severe_toxicity": 0.5, "toxicity": 0.6}, {"harassment"}, id="only severe toxicity"),
        pytest.param({"obscene": 1.0}, set(), id="what the rules don't act on"),
        pytest.param({"threat": 0.6}, {"harassment/threatening", "violence"}, id="threat"),
        pytest.param({"identity_attack": 0.8}, {"hate"}, id="identity"),
        pytest.param({"identity_attack": 0.79}, set(), id="flagged, not held"),
        pytest.param(
            {"identity_attack": 0.8, "threat": 0.6},
            {"hate", "hate/threatening", "harassment/threatening", "violence"},
            id="both",
        ),
        pytest.param({"sexual_explicit": 1.0}, set(), id="no threshold"),
    ],
)
def test_a_category_is_true_from_where_the_rules_hold(scores, found):
    result = moderation_result(scored(scores), DEFAULT)
    assert true_in(result) == found
    assert result["flagged"] is bool(found)


@pytest.mark.parametrize(
    ("levels", "begins"),
    [
        pytest.param({"flag": 0.2, "hold": 0.6, "reject": 0.9}, 0.6, id="hold"),
        pytest.param({"flag": 0.2, "reject": 0.9}, 0.9, id="only reject"),
        pytest.param({"flag": 0.2}, None, id="only flag"),
    ],
)
def test_a_threshold_is_the_lowest_that_does_not_publish(levels, begins):
    rules = rules_of(toxicity={"thresholds": {"sexual_explicit": levels}})
    assert held_from(rules, "en") == ({} if begins is None else {"sexual_explicit": begins})


def test_a_language_has_its_own_thresholds():
    own = {"thresholds": {"toxicity": {"hold": 0.5}}, "by_language": {"ko": {"toxicity": {"hold": 0.9}}}}
    rules = rules_of(toxicity=own)
    assert moderation_result(scored({"toxicity": 0.6}, "en"), rules)["flagged"]
    assert not moderation_result(scored({"toxicity": 0.6}, "ko"), rules)["flagged"]


def test_without_toxicity_nothing_is_held():
    assert held_from(rules_of(toxicity=False), "en") == {}


def test_scores_and_what_was_looked_for_are_told():
    scores = dict.fromkeys(ATTRIBUTES[:6], 0.1) | {"insult": 0.3, "threat": 0.2, "identity_attack": 0.4}
    result = moderation_result(scored(scores), DEFAULT)
    told = {name: score for name, score in result["category_scores"].items() if score}
    assert told == {
        "harassment": 0.3,
        "harassment/threatening": 0.2,
        "hate": 0.4,
        "hate/threatening": 0.2,
        "violence": 0.2,
    }
    applied = result["category_applied_input_types"]
    assert {name for name, types in applied.items() if types == ["text"]} == told.keys()
    assert {name for name, types in applied.items() if types == []} == KEYS - told.keys()


def test_a_model_with_sexual_explicit_has_the_category():
    rules = rules_of(toxicity={"thresholds": {"sexual_explicit": {"hold": 0.5}}})
    result = moderation_result(scored({"sexual_explicit": 0.5}), rules)
    assert true_in(result) == {"sexual"}
    assert result["category_applied_input_types"]["sexual"] == ["text"]


@pytest.mark.parametrize("outcome", [Outcome.NOT_COVERED, Outcome.FAILED, Outcome.TIMED_OUT])
@pytest.mark.parametrize("action", Action)
def test_a_text_without_scores_is_flagged_if_the_rules_hold_such(outcome, action):
    rules = rules_of(on_failure={"toxicity": {outcome.value: action.value}})
    result = moderation_result(scored({}, outcome=outcome), rules)
    assert result["flagged"] is (action in {Action.HOLD, Action.REJECT})
    assert true_in(result) == ({"harassment"} if result["flagged"] else set())
    assert set(result["category_scores"].values()) == {0.0}
    assert not any(result["category_applied_input_types"].values())


def test_nothing_to_score_is_not_flagged():
    assert not unscored()["flagged"]
    assert not moderation_result(scored({}, outcome=Outcome.SKIPPED), DEFAULT)["flagged"]


SCORES = st.dictionaries(st.sampled_from(ATTRIBUTES), st.floats(0, 1), max_size=len(ATTRIBUTES))


@given(SCORES, st.sampled_from([DEFAULT, rules_of(toxicity={"thresholds": {"obscene": {"reject": 0.9}}})]))
def test_flagged_is_what_the_rules_hold_for_one_attribute(scores, rules):
    result = moderation_result(scored(scores), rules)
    begins = held_from(rules, "en")
    assert result["flagged"] is any(scores[one] >= begins[one] for one in scores if one in begins)
    assert result["flagged"] is any(result["categories"].values())
    for name in MAPS:
        assert result[name].keys() == KEYS == CATEGORIES.keys()
    assert all(0 <= score <= 1 for score in result["category_scores"].values())


@given(SCORES, st.sampled_from(ATTRIBUTES), st.floats(0, 1))
def test_a_higher_score_never_makes_a_category_false(scores, attribute, higher):
    raised = scores | {attribute: max(scores.get(attribute, 0.0), higher)}
    assert true_in(moderation_result(scored(scores), DEFAULT)) <= true_in(
        moderation_result(scored(raised), DEFAULT)
    )
