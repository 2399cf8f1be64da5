"""Decisions as answers: each is one that Coral takes."""

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.api.coral.answers import answer_of
from moderation.domain import ATTRIBUTES, Action, Decision, Provenance, Reason

STATUS = ["NONE", "APPROVED", "REJECTED", "PREMOD", "SYSTEM_WITHHELD"]
CODES = [
    *("OFFENSIVE", "ABUSIVE", "SPAM", "BANNED_WORD", "AD", "ILLEGAL_CONTENT", "HARASSMENT_BULLYING"),
    *("MISINFORMATION", "HATE_SPEECH", "IRRELEVANT_CONTENT", "OTHER"),
]
WRITTEN = {"type": "string", "minLength": 1}  # Joi's `string()` takes no empty one, and nothing takes null
CORALS = {  # Coral 9.11.8's; ours is stricter where Coral would do something that we don't mean
    "type": "object",
    "additionalProperties": False,
    "required": ["actions"],
    "properties": {
        "status": {"enum": STATUS},
        "tags": {"type": "array", "items": {"enum": ["FEATURED", "STAFF"]}},
        "actions": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["actionType", "reason"],
                "properties": {
                    "actionType": {"const": "FLAG"},
                    "reason": {"enum": ["COMMENT_DETECTED_TOXIC", "COMMENT_DETECTED_SPAM"]},
                },
            },
        },
        "moderationAction": {
            "type": "object",
            "additionalProperties": False,
            "required": ["status", "rejectionReason"],
            "properties": {
                "status": {"const": "REJECTED"},
                "rejectionReason": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["code"],
                    "properties": {
                        "code": {"enum": CODES},
                        "legalGrounds": WRITTEN,
                        "detailedExplanation": WRITTEN,
                        "customReason": WRITTEN,
                    },
                },
            },
        },
    },
    # Coral tells the author "rejected" for any `moderationAction`.
    "if": {"required": ["moderationAction"]},
    "then": {"required": ["status"], "properties": {"status": {"const": "REJECTED"}}},
}
NOBODY = Provenance("", "", "", "", "", "")


def decided(*reasons):
    action = max((reason.action for reason in reasons), key=lambda one: one.strength, default=Action.APPROVE)
    return Decision(action, reasons, {}, NOBODY)


def because(rule, action=Action.HOLD, message="Please don't.", **evidence):
    return Reason(rule, action, message, evidence=evidence)


def score(attribute, action=Action.HOLD):
    return because(f"toxicity.{attribute}", action, attribute=attribute, score=0.9, threshold=0.7)


TOXIC = score("toxicity")
LINKS = because("many-links", links=3)
AUTHOR = because("repetition.author", repeats=2, limit=1, window="10 minutes")


def said(*reasons):
    """Return the answer for what is not simply published."""
    answer = answer_of(decided(*reasons))
    assert answer is not None
    return answer


def test_a_comment_that_may_go_on_has_no_answer():
    assert answer_of(decided()) is None
    assert answer_of(decided(because("friends", Action.APPROVE, overruled=["many-links"]))) is None


def test_a_flag_is_a_flag_and_coral_goes_on():
    assert answer_of(decided(score("toxicity", Action.FLAG))) == {
        "actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}]
    }


def test_a_hold_is_withheld_and_nobody_is_told():
    assert answer_of(decided(TOXIC)) == {
        "actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}],
        "status": "SYSTEM_WITHHELD",
    }


def test_a_rejection_tells_the_author_why():
    answer = said(score("insult", Action.REJECT), LINKS)
    assert answer["status"] == "REJECTED"
    assert answer["moderationAction"] == {
        "status": "REJECTED",
        "rejectionReason": {"code": "ABUSIVE", "detailedExplanation": "Please don't."},
    }


@pytest.mark.parametrize("message", ["", " \n"])
def test_a_rule_that_says_nothing_leaves_the_explanation_out(message):
    answer = said(because("length.empty", Action.REJECT, message))
    assert answer["moderationAction"]["rejectionReason"] == {"code": "OTHER"}


@pytest.mark.parametrize(
    ("reasons", "spam"),
    [
        pytest.param([LINKS], True, id="links"),
        pytest.param([AUTHOR], True, id="repetition"),
        pytest.param([because("x", repeats_thread=4, window="1 day"), LINKS], True, id="both"),
        pytest.param([because("x", **{"links.domain": ["a.com"], "age": 3})], True, id="a domain"),
        pytest.param([LINKS, TOXIC], False, id="links and scores"),
        pytest.param([because("x", links=3, toxicity=0.4)], False, id="in one rule"),
        pytest.param([because("x", links=3, words=["a"])], False, id="links and words"),
        pytest.param([because("x", links=0)], False, id="no links"),
        pytest.param([because("x", **{"~links.domain": []})], False, id="not that domain"),
        pytest.param([because("language.unexpected", language="fr")], False, id="language"),
        pytest.param([LINKS, because("friends", Action.APPROVE, words=["a"])], True, id="what approves"),
    ],
)
def test_only_links_and_repetition_are_spam(reasons, spam):
    (action,) = said(*reasons)["actions"]
    assert action["reason"] == ("COMMENT_DETECTED_SPAM" if spam else "COMMENT_DETECTED_TOXIC")


def rejecting(**evidence):
    return because("own", Action.REJECT, **evidence)


@pytest.mark.parametrize(
    ("reasons", "code"),
    [
        pytest.param([score("identity_attack", Action.REJECT)], "HATE_SPEECH", id="identity"),
        pytest.param([score("threat", Action.REJECT)], "ABUSIVE", id="threat"),
        pytest.param([score("severe_toxicity", Action.REJECT)], "ABUSIVE", id="severe"),
        pytest.param([score("toxicity", Action.REJECT)], "OFFENSIVE", id="toxicity"),
        pytest.param([rejecting(obscene=0.9, links=3)], "OFFENSIVE", id="an own rule on scores"),
        pytest.param([rejecting(words=["x"])], "BANNED_WORD", id="word list"),
        pytest.param([rejecting(**{"body (regex)": ["x"]})], "BANNED_WORD", id="a text"),
        pytest.param([rejecting(**{"~body": []})], "OTHER", id="a text that is missing"),
        pytest.param([rejecting(links=9)], "SPAM", id="links"),
        pytest.param([because("repetition.thread", Action.REJECT, repeats=3)], "SPAM", id="repetition"),
        pytest.param([because("length.too_long", Action.REJECT, graphemes=400)], "OTHER", id="length"),
        pytest.param([rejecting(links=9), rejecting(threat=0.9)], "ABUSIVE", id="the gravest"),
        pytest.param([rejecting(links=9), score("identity_attack")], "SPAM", id="of those that reject"),
    ],
)
def test_the_code_is_that_of_the_gravest_rule_that_rejects(reasons, code):
    assert said(*reasons)["moderationAction"]["rejectionReason"]["code"] == code


EVIDENCE = st.dictionaries(
    st.sampled_from(
        [*ATTRIBUTES, "attribute", "words", "body", "links", "links.domain", "repeats", "language"]
    ),
    st.none()
    | st.integers(0, 3)
    | st.floats(0, 1)
    | st.sampled_from(["", "threat", "toxicity"])
    | st.just(["x"]),
)
REASONS = st.builds(
    Reason,
    st.sampled_from(
        ["own", "toxicity.threat", "length.empty", "on_failure.toxicity.failed", "repetition.author"]
    ),
    st.sampled_from(Action),
    st.text(st.characters(codec="utf-8"), max_size=20),
    evidence=EVIDENCE,
)


@given(st.lists(REASONS, max_size=4))
def test_coral_takes_every_answer(reasons):
    decision = decided(*reasons)
    answer = answer_of(decision)
    if decision.action is Action.APPROVE:
        assert answer is None
        return
    assert answer is not None
    jsonschema.validate(json.loads(json.dumps(answer)), CORALS)
    assert answer.get("status") == {Action.HOLD: "SYSTEM_WITHHELD", Action.REJECT: "REJECTED"}.get(
        decision.action
    )
    assert ("moderationAction" in answer) is (decision.action is Action.REJECT)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"actions": [], "status": None}, id="null"),
        pytest.param({"actions": [], "status": "HELD"}, id="another status"),
        pytest.param({"actions": [{"actionType": "FLAG", "reason": ""}]}, id="an empty reason"),
        pytest.param(
            {
                "actions": [],
                "status": "NONE",
                "moderationAction": {"status": "REJECTED", "rejectionReason": {"code": "OTHER"}},
            },
            id="told, and not rejected",
        ),
    ],
)
def test_the_schema_refuses_what_coral_refuses(answer):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer, CORALS)
