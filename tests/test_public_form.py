"""What is told of a decision outside."""

import json
from dataclasses import replace

from moderation.domain import (
    Action,
    CheckResult,
    Decision,
    Outcome,
    Provenance,
    Reason,
    Signal,
    SignalName,
    Span,
)
from moderation.public_form import decision_to_dict

DECISION = Decision(
    action=Action.HOLD,
    reasons=(
        Reason("toxicity.insult", Action.HOLD, "Reads like an insult.", (Span(0, 3),), {"score": 0.9}),
        Reason("length.too_long", Action.FLAG, "Too long."),
    ),
    checks={
        "language": CheckResult(Outcome.OK, (Signal(SignalName.LANGUAGE, "en", confidence=0.75),), 1.5),
        "toxicity": CheckResult(Outcome.OK, (Signal(SignalName.SCORE, 0.9, "insult"),), 2.5),
        "links": CheckResult(Outcome.TIMED_OUT, ms=800.0, error="TimeoutError"),
    },
    provenance=Provenance("ab", "compact@12", "onnx 1.31.0", "1", "langdetect 1.0.9", "0.1.0"),
)
DOCUMENT = {
    "action": "hold",
    "published": False,
    "reasons": [
        {
            "rule": "toxicity.insult",
            "action": "hold",
            "message": "Reads like an insult.",
            "spans": [{"start": 0, "end": 3}],
            "evidence": {"score": 0.9},
        },
        {"rule": "length.too_long", "action": "flag", "message": "Too long.", "spans": [], "evidence": {}},
    ],
    "shadow": [],
    "language": {"code": "en", "confidence": 0.75},
    "scores": {"insult": 0.9},
    "checks": {
        "language": {"outcome": "ok", "ms": 1.5},
        "toxicity": {"outcome": "ok", "ms": 2.5},
        "links": {"outcome": "timed_out", "ms": 800.0},
    },
    "provenance": {
        "ruleset": "ab",
        "model": "compact@12",
        "engine": "onnx 1.31.0",
        "normaliser": "1",
        "detector": "langdetect 1.0.9",
        "version": "0.1.0",
    },
}


def test_the_document_of_a_decision_has_the_documented_keys_and_no_others():
    document = decision_to_dict(DECISION)
    assert document == DOCUMENT
    assert json.loads(json.dumps(document, allow_nan=False)) == DOCUMENT
    assert list(document) == list(DOCUMENT)


def test_a_score_in_a_doubtful_language_says_so():
    doubt = Signal(SignalName.DOUBTFUL, "und", "language")
    scored = CheckResult(Outcome.OK, (Signal(SignalName.SCORE, 0.9, "insult"), doubt), 2.5)
    document = decision_to_dict(replace(DECISION, checks={"toxicity": scored}))
    assert document["checks"] == {"toxicity": {"outcome": "ok", "ms": 2.5, "language": "doubtful"}}
    assert document["scores"] == {"insult": 0.9}


def test_a_stored_decision_has_its_numbers_too():
    stored = Decision(DECISION.action, (), {}, DECISION.provenance, id=7, comment_id=0)
    document = decision_to_dict(stored)
    assert (document["id"], document["comment_id"]) == (7, 0)


def test_the_document_has_no_numbers_where_nothing_is_stored():
    assert not {"id", "comment_id"} & decision_to_dict(DECISION).keys()


def test_where_things_lie_on_the_server_is_told_nobody():
    made = replace(DECISION.provenance, folder="/srv/site", runtime="python 3.13.1")
    told = decision_to_dict(replace(DECISION, provenance=made))["provenance"]
    assert "folder" not in told
    assert told["runtime"] == "python 3.13.1"
