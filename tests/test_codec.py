import json
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.codec import (
    author_from_json,
    author_to_json,
    checks_from_json,
    checks_to_json,
    decision_to_dict,
    provenance_from_json,
    provenance_to_json,
    reasons_from_json,
    reasons_to_json,
)
from moderation.domain import (
    Action,
    Author,
    CheckResult,
    Decision,
    Outcome,
    Provenance,
    Reason,
    Signal,
    SignalName,
    Span,
)
from tests.store.strategies import ANY_FLOAT, ANY_TEXT, authors, checks, reasons


def through_json(value):
    return json.loads(json.dumps(value, allow_nan=False))


@given(reasons(ANY_FLOAT))
def test_reasons_come_back_as_they_were(given_reasons):
    assert reasons_from_json(through_json(reasons_to_json(given_reasons))) == given_reasons


@given(checks(ANY_FLOAT))
def test_checks_come_back_as_they_were_and_in_order(results):
    found = checks_from_json(through_json(checks_to_json(results)))
    assert found == results
    assert list(found) == list(results)


@given(authors(ANY_FLOAT))
def test_an_author_comes_back_as_they_were(author):
    assert author_from_json(through_json(author_to_json(author))) == author


@given(st.builds(Provenance, *[ANY_TEXT] * len(fields(Provenance))))
def test_provenance_comes_back_as_it_was(provenance):
    assert provenance_from_json(through_json(provenance_to_json(provenance))) == provenance


def test_provenance_that_was_stored_before_the_model_files_were_recorded_is_read():
    names = ("ruleset", "model", "engine", "normaliser", "detector", "version")
    found = provenance_from_json(dict.fromkeys(names, "x"))
    assert (found.version, found.model_files, found.folder, found.runtime) == ("x", "", "", "")


def test_where_things_lie_on_the_server_is_stored_and_told_nobody():
    made = replace(DECISION.provenance, folder="/srv/site", runtime="python 3.13.1")
    assert provenance_to_json(made)["folder"] == "/srv/site"
    told = decision_to_dict(replace(DECISION, provenance=made))["provenance"]
    assert "folder" not in told
    assert told["runtime"] == "python 3.13.1"


@pytest.mark.parametrize("age", [timedelta(0), timedelta.max, timedelta.min], ids=["zero", "max", "min"])
def test_an_account_age_at_the_ends_of_its_range_is_kept(age):
    assert author_from_json(through_json(author_to_json(Author("u", account_age=age)))).account_age == age


def test_what_is_unknown_of_an_author_is_left_out():
    assert author_to_json(Author("u-1", is_trusted=False)) == {"id": "u-1", "is_trusted": False}


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
    assert through_json(document) == DOCUMENT
    assert list(document) == list(DOCUMENT)


def test_a_stored_decision_has_its_numbers_too():
    stored = Decision(DECISION.action, (), {}, DECISION.provenance, id=7, comment_id=0)
    document = decision_to_dict(stored)
    assert (document["id"], document["comment_id"]) == (7, 0)


def test_the_document_has_no_numbers_where_nothing_is_stored():
    assert not {"id", "comment_id"} & decision_to_dict(DECISION).keys()
