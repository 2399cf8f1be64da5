"""`comments:suggestscore`: what becomes a label, and what does not."""

import pytest

from moderation.domain import Scope
from tests.api.perspective.conftest import SUGGEST

TEXT = "a😀b, you idiot"


def said(value=1, **more):
    return {"summaryScore": {"value": value}} | more


def span(begin, end, value=1):
    return {"begin": begin, "end": end, "score": {"value": value}}


def body(scores, **more):
    return {"comment": {"text": TEXT}, "attributeScores": scores} | more


def test_a_suggestion_is_a_label(client):
    key = client.new_key("the-site", Scope.SUBMIT, sites=["news"])
    scores = {"TOXICITY": said(0.5, spanScores=[span(1, 3, 0)]), "PROFANITY": said(0)}
    answer = client.post(body(scores, languages=["en"], clientToken="t"), SUGGEST, key=key)
    assert answer.json() == {"requestedLanguages": ["en"], "detectedLanguages": ["und"], "clientToken": "t"}
    assert answer.headers["x-moderation-version"]
    (label,) = client.labels()
    assert (label.site, label.text, label.language) == ("news", TEXT, "en")
    assert (label.source, label.by) == ("perspective", "the-site")
    assert label.scores == {"toxicity": 0.5, "obscene": 0.0}
    assert label.spans == [{"attribute": "toxicity", "begin": 1, "end": 2, "score": 0.0}]


@pytest.mark.parametrize(
    ("scores", "stored"),
    [
        pytest.param({"TOXICITY": said(0)}, {"toxicity": 0.0}, id="zero"),
        pytest.param({"TOXICITY@5": said()}, {"toxicity": 1.0}, id="version"),
        pytest.param({"OBSCENE": said(0), "PROFANITY": said(1)}, {"obscene": 1.0}, id="the best name counts"),
        pytest.param(
            {"SEXUALLY_EXPLICIT": said()}, {"sexual_explicit": 1.0}, id="no model of ours needs to have it"
        ),
        pytest.param({"SPAM": said(), "INSULT": said()}, {"insult": 1.0}, id="others are left out"),
        pytest.param({"INSULT": {"summary_score": {"value": 1}}}, {"insult": 1.0}, id="snake_case"),
        pytest.param(
            {"INSULT": {"spanScores": [span(0, 15, 0.25)]}}, {"insult": 0.25}, id="a span over all of it"
        ),
        pytest.param(
            {"INSULT": {"summaryScore": {"value": 1, "type": "SCORE_TYPE_UNSPECIFIED"}}},
            {"insult": 1.0},
            id="no type",
        ),
    ],
)
def test_scores_are_kept_by_our_names(client, scores, stored):
    assert client.post(body(scores), SUGGEST).status_code == 200
    assert [label.scores for label in client.labels()] == [stored]


@pytest.mark.parametrize(
    "request_body",
    [
        pytest.param(body({"TOXICITY": said()}, doNotStore=True), id="doNotStore"),
        pytest.param(body({"TOXICITY": said()}, do_not_store=True), id="do_not_store"),
        pytest.param(
            body({"FLIRTATION": said(), "ATTACK_ON_AUTHOR": said(), "RULES_HOLD": said()}), id="none of ours"
        ),
        pytest.param(body({"INSULT": {"spanScores": [span(0, 3)]}}), id="only parts"),
    ],
)
def test_what_is_no_label_is_taken_and_not_stored(client, request_body):
    answer = client.post(request_body, SUGGEST)
    assert answer.json() == {"requestedLanguages": [], "detectedLanguages": ["und"]}
    assert client.labels() == []


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param(None, id="null"),
        pytest.param({}, id="none"),
        pytest.param([], id="[]"),
        pytest.param({"TOXICITY": {}}, id="empty"),
        pytest.param({"TOXICITY": None}, id="null attribute"),
        pytest.param({"TOXICITY": {"summaryScore": {}}}, id="no value"),
        pytest.param({"TOXICITY": said(None)}, id="null value"),
        pytest.param({"TOXICITY": said(1.01)}, id="above one"),
        pytest.param({"TOXICITY": said(-0.1)}, id="below zero"),
        pytest.param({"TOXICITY": said("1")}, id="text"),
        pytest.param({"TOXICITY": {"summaryScore": {"value": 1, "type": "RAW"}}}, id="score type"),
        pytest.param({"NOTHING": said()}, id="unknown"),
        pytest.param({"toxicity": said()}, id="lower case"),
        pytest.param({"": said()}, id="no name"),
        pytest.param({"TOXICITY": {"spanScores": []}}, id="no spans"),
        pytest.param({"TOXICITY": {"spanScores": [{"score": {"value": 1}}]}}, id="no begin and end"),
        pytest.param({"TOXICITY": {"spanScores": [{"begin": 0, "end": 1}]}}, id="no score"),
        pytest.param({"TOXICITY": {"spanScores": [span(2, 3)]}}, id="inside a pair"),
        pytest.param({"TOXICITY": {"spanScores": [span(0, 99)]}}, id="behind the end"),
        pytest.param({"TOXICITY": {"spanScores": [span(3, 3)]}}, id="of nothing"),
        pytest.param({"TOXICITY": said(spanScores=[span(0, 1)] * 10_001)}, id="too many"),
        pytest.param({"TOXICITY": said(10**400)}, id="a number that no float holds"),
    ],
)
def test_a_malformed_suggestion_is_refused(client, scores):
    answer = client.post(body(scores), SUGGEST)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert client.labels() == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"comment": None}, "COMMENT_EMPTY"),
        ({"comment": {"text": "x" * 20_481}}, "COMMENT_TOO_LONG"),
        ({"comment": {"text": "x", "type": "HTML"}}, "INVALID_REQUEST"),
    ],
)
def test_the_comment_is_held_to_the_same(client, change, kind):
    error = client.post(body({"TOXICITY": said()}) | change, SUGGEST).json()["error"]
    assert error["details"][0]["errorType"] == kind
