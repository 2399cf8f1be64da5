"""`comments:analyze`, by the contract: what is answered, and every refusal in its envelope."""

import json
from dataclasses import replace
from typing import Any

import pytest

from moderation import Comment
from moderation.api.batching import Gone
from moderation.domain import CheckResult, Scope
from moderation.errors import OverloadedError
from moderation.moderator import Moderator
from moderation.store import Store
from tests.api.perspective.conftest import ANALYZE, SUGGEST, serving
from tests.support.scorers import FakeScorer, calm, raising

TEXT = "You are such an idiot, and nobody likes you."
SWEDISH = "Du är en idiot och en dum människa som inte förstår någonting alls"
KIND = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
WELL: dict[str, Any] = {"comment": {"text": TEXT}, "requestedAttributes": {"TOXICITY": {}}}


@pytest.fixture
def faulty(sqlite_url):
    """What serves by a scorer that has faults."""

    def make(scorer):
        return serving(Moderator.open(scorer=scorer), Store.open(sqlite_url))

    return make


def envelope(answer):
    error = answer.json()["error"]
    assert answer.headers["content-type"] == "application/json"
    assert error["code"] == answer.status_code
    return error


def test_an_answer_has_every_field(client):
    answer = client.analyze(TEXT, clientToken="mine", languages=["en"])
    score = answer["attributeScores"]["TOXICITY"]["summaryScore"]
    assert score == {"value": pytest.approx(0.9, abs=0.1), "type": "PROBABILITY"}
    assert answer == {
        "attributeScores": {
            "TOXICITY": {
                "spanScores": [{"begin": 0, "end": len(TEXT), "score": score}],
                "summaryScore": score,
            }
        },
        "languages": ["en"],
        "detectedLanguages": ["en"],
        "clientToken": "mine",
    }


def test_scores_are_those_of_a_check(client, real_moderator):
    decision = real_moderator.check_many([Comment(TEXT)])[0]
    found = {signal.key: signal.value for signal in decision.checks["toxicity"].signals}
    answer = client.analyze(TEXT, "TOXICITY", "THREAT", "PROFANITY")["attributeScores"]
    values = {name: said["summaryScore"]["value"] for name, said in answer.items()}
    assert values == {"TOXICITY": found["toxicity"], "THREAT": found["threat"], "PROFANITY": found["obscene"]}


def test_the_headers_say_what_answered(client):
    headers = client.post(WELL).headers
    assert headers["x-moderation-model"] == client.service.pipeline.scorer.model
    assert headers["x-moderation-version"]


@pytest.mark.parametrize(
    "name", ["TOXICITY", "TOXICITY@5", "TOXICITY_EXPERIMENTAL", "OBSCENE", "RULES_HOLD@1"]
)
def test_an_attribute_is_answered_as_it_was_asked_for(client, name):
    assert list(client.analyze(TEXT, name)["attributeScores"]) == [name]


@pytest.mark.parametrize(
    ("threshold", "there"),
    [
        pytest.param(0, True, id="zero"),
        pytest.param(0.2, True, id="below"),
        pytest.param(0.999, False, id="above"),
        pytest.param(None, True, id="null"),
    ],
)
def test_a_score_below_the_threshold_is_left_out_and_an_empty_map_with_it(client, threshold, there):
    asked = {"TOXICITY": {"scoreThreshold": threshold}}
    answer = client.post({"comment": {"text": TEXT}, "requestedAttributes": asked}).json()
    assert ("attributeScores" in answer) == there
    assert answer["detectedLanguages"] == ["en"]


@pytest.mark.parametrize(
    ("text", "hold", "reject"),
    [("What a nice day it is today.", 0.0, 0.0), ("I will kill you, you worthless idiot!", 1.0, None)],
)
def test_the_rules_can_be_asked_for(client, text, hold, reject):
    answer = client.analyze(text, "RULES_HOLD", "RULES_REJECT")
    values = {name: said["summaryScore"]["value"] for name, said in answer["attributeScores"].items()}
    assert values["RULES_HOLD"] == hold
    assert values["RULES_REJECT"] in ({0.0, 1.0} if reject is None else {reject})
    assert answer["detectedLanguages"] == ["en"]


def test_the_rules_answer_in_any_language(client):
    assert client.analyze(SWEDISH, "RULES_HOLD")["languages"] == ["sv"]


@pytest.mark.parametrize(
    ("more", "languages", "detected"),
    [
        pytest.param({}, ["en"], ["en"], id="none"),
        pytest.param({"languages": []}, ["en"], ["en"], id="empty"),
        pytest.param({"languages": None}, ["en"], ["en"], id="null"),
        pytest.param({"languages": ["de"]}, ["de"], ["en"], id="named"),
        pytest.param({"languages": ["en-US"]}, ["en-US"], ["en"], id="BCP-47"),
        pytest.param({"languages": ["zh-Hant", "EN_gb"]}, ["zh-Hant", "EN_gb"], ["en"], id="several"),
    ],
)
def test_languages_are_the_requests_or_the_detected(client, more, languages, detected):
    answer = client.analyze(TEXT, **more)
    assert (answer["languages"], answer["detectedLanguages"]) == (languages, detected)


@pytest.mark.parametrize("text", ["👍", "10/10", "lol", " ", "\x00"])
def test_a_text_whose_language_nobody_can_tell_is_scored(client, text):
    answer = client.analyze(text)
    assert answer["languages"] == answer["detectedLanguages"] == ["und"]
    assert "TOXICITY" in answer["attributeScores"]


@pytest.mark.parametrize("letter", ["x", "ü", "너"])
def test_the_longest_text_is_scored(faulty, letter):
    text = letter * (20_480 // len(letter.encode()))
    with faulty(calm()) as client:
        answer = client.analyze(text, languages=["en"])
        assert answer["attributeScores"]["TOXICITY"]["spanScores"][0]["end"] == len(text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"comment": {"text": TEXT, "type": "PLAIN_TEXT"}}, id="plain"),
        pytest.param({"comment": {"text": TEXT, "type": "TEXT_TYPE_UNSPECIFIED"}}, id="no type"),
        pytest.param({"comment": {"text": TEXT, "type": None}}, id="null type"),
        pytest.param({"requestedAttributes": {"TOXICITY": None}}, id="null parameters"),
        pytest.param({"requestedAttributes": {"TOXICITY": []}}, id="[] for parameters"),
        pytest.param(
            {"requestedAttributes": {"TOXICITY": {"score_type": "PROBABILITY"}}}, id="snake_case within"
        ),
        pytest.param(
            {"requestedAttributes": None, "requested_attributes": {"TOXICITY": {}}}, id="snake_case"
        ),
        pytest.param({"context": []}, id="[] for the context"),
        pytest.param({"context": {"entries": [{"text": "hi"}]}}, id="entries"),
        pytest.param({"context": {"article_and_parent_comment": {"article": {"text": "hi"}}}}, id="article"),
        pytest.param({"context": {"entries": [], "articleAndParentComment": {}}}, id="one context is empty"),
        pytest.param({"doNotStore": True, "do_not_store": True}, id="doNotStore twice"),
        pytest.param({"sessionId": "1", "communityId": "2"}, id="ids"),
        pytest.param({"sessionId": None, "clientToken": None, "spanAnnotations": None}, id="nulls"),
        pytest.param({"unknown": {"deep": [1]}}, id="unknown field"),
    ],
)
def test_forms_that_clients_send_are_understood(client, change):
    answer = client.post(WELL | change)
    assert answer.status_code == 200
    assert "TOXICITY" in answer.json()["attributeScores"]
    assert "clientToken" not in answer.json()


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "text/plain", ""])
def test_the_content_type_does_not_matter(client, kind):
    assert client.post(WELL, headers={"Content-Type": kind}).status_code == 200


@pytest.mark.parametrize(
    "query", ["alt=json", "prettyPrint=false&fields=a&quotaUser=b", "$.xgafv=2&callback=c&x=y"]
)
def test_googles_query_parameters_are_no_error(client, query):
    address = f"/v1alpha1/comments%3Aanalyze?key={client.key}&{query}"
    assert client.http.post(address, json=WELL).status_code == 200


@pytest.mark.parametrize("header", ["X-Goog-Api-Key", "x-api-key"])
def test_a_key_may_come_in_a_header(client, header):
    assert client.http.post(ANALYZE, json=WELL, headers={header: client.key}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        pytest.param({"X-Goog-Api-Key": " {} \t"}, "", id="a header"),
        pytest.param({"Authorization": "Bearer  {} "}, "", id="a token"),
        pytest.param({}, "%20{}%0A", id="the address"),
        pytest.param({"X-Goog-Api-Key": " "}, "{}", id="a blank one before it"),
    ],
)
def test_blanks_around_a_key_are_none_of_it(client, headers, query):
    sent = {name: value.format(client.key) for name, value in headers.items()}
    address = f"/v1alpha1/comments:analyze?key={query.format(client.key)}"
    assert client.http.post(address, json=WELL, headers=sent).status_code == 200


REFUSALS = {
    "no comment": ({"comment": None}, "Comment must be non-empty.", "COMMENT_EMPTY"),
    "[] for the comment": ({"comment": []}, "Comment must be non-empty.", "COMMENT_EMPTY"),
    "no text": ({"comment": {"text": ""}}, "Comment must be non-empty.", "COMMENT_EMPTY"),
    "too long": (
        {"comment": {"text": "x" * 20_481}},
        "Comment text too long. Comment text was too many bytes. Value (20481) exceeded limit (20480).",
        "COMMENT_TOO_LONG",
    ),
    "too long in bytes": (
        {"comment": {"text": "ü" * 10_241}},
        "Comment text too long. Comment text was too many bytes. Value (20482) exceeded limit (20480).",
        "COMMENT_TOO_LONG",
    ),
    "no attributes": ({"requestedAttributes": {}}, "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"),
    "[] for attributes": (
        {"requestedAttributes": []},
        "Missing requested_attributes",
        "NO_REQUESTED_ATTRIBUTES",
    ),
    "unknown attribute": (
        {"requestedAttributes": {"TOXICITY": {}, "SPAM": {}}},
        "Unknown requested attribute: SPAM",
        "INVALID_REQUEST",
    ),
    "attribute in lower case": (
        {"requestedAttributes": {"toxicity": {}}},
        "Unknown requested attribute: toxicity",
        "INVALID_REQUEST",
    ),
    "too many attributes": (
        {"requestedAttributes": {f"TOXICITY@{number}": {} for number in range(51)}},
        "Too many requested_attributes: at most 50 are answered at a time",
        "INVALID_REQUEST",
    ),
    "score type": (
        {"requestedAttributes": {"TOXICITY": {"scoreType": "PERCENTILE"}}},
        "Requested score type PERCENTILE is not supported by attribute TOXICITY",
        "INVALID_REQUEST",
    ),
    "HTML": (
        {"comment": {"text": TEXT, "type": "HTML"}},
        "Currently, only 'PLAIN_TEXT' comments are supported",
        "INVALID_REQUEST",
    ),
    "both contexts": (
        {"context": {"entries": [{"text": "a"}], "articleAndParentComment": {"article": {"text": "b"}}}},
        "Context can have either entries or article_and_parent_comment, but both fields were populated.",
        "INVALID_REQUEST",
    ),
    "named language": (
        {"languages": ["zu"]},
        "Attribute TOXICITY does not support request languages: zu",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
    ),
    "named languages": (
        {"languages": ["zu", "en", "xh"]},
        "Attribute TOXICITY does not support request languages: zu, xh",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
    ),
    "detected language": (
        {"comment": {"text": SWEDISH}},
        "Attribute TOXICITY does not support request languages: sv",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
    ),
    "no language": (
        {"comment": {"text": "Привет, ты дурак и идиот"}},
        "Unable to detect language",
        "LANGUAGE_DETECTION_FAILED",
    ),
}


@pytest.mark.parametrize(("change", "message", "kind"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_in_perspectives_words(client, change, message, kind):
    answer = client.post(WELL | change)
    error = envelope(answer)
    assert (answer.status_code, error["status"], error["message"]) == (400, "INVALID_ARGUMENT", message)
    assert (error["details"][0]["@type"], error["details"][0]["errorType"]) == (KIND, kind)


@pytest.mark.parametrize(
    ("change", "key", "languages"),
    [
        pytest.param({"languages": ["zu-ZA"]}, "requestedLanguages", ["zu-ZA"], id="named"),
        pytest.param({"comment": {"text": SWEDISH}}, "detectedLanguages", ["sv"], id="detected"),
    ],
)
def test_a_language_error_says_whose_language_it_was(client, change, key, languages):
    detail = client.post(WELL | change).json()["error"]["details"][0]
    assert detail["languageNotSupportedByAttributeError"] == {"attribute": "TOXICITY", key: languages}


@pytest.mark.parametrize(
    ("change", "left"),
    [
        pytest.param({"requestedAttributes": {"SPAM": {}, "TOXICITY": {}}}, ["TOXICITY"], id="unknown"),
        pytest.param({"requestedAttributes": {"SPAM": {}}}, [], id="only unknown"),
        pytest.param({"languages": ["zu"]}, [], id="named language"),
        pytest.param({"comment": {"text": SWEDISH}}, [], id="detected language"),
        pytest.param(
            {"languages": ["zu"], "requestedAttributes": {"TOXICITY": {}, "RULES_HOLD": {}}},
            ["RULES_HOLD"],
            id="rules",
        ),
    ],
)
@pytest.mark.parametrize("name", ["dropUnsupportedAttributes", "drop_unsupported_attributes"])
def test_what_is_not_supported_can_be_dropped(client, change, left, name):
    answer = client.post(WELL | change | {name: True})
    assert answer.status_code == 200
    assert list(answer.json().get("attributeScores", {})) == left
    assert ("attributeScores" in answer.json()) == bool(left)


WRONG = [5, 1.5, True, "x", ["x"], {"x": 1}, [[]], -1, "\x00"]
FIELDS = [
    "comment",
    "requestedAttributes",
    "languages",
    "context",
    "doNotStore",
    "spanAnnotations",
    "clientToken",
]
FIELDS += ["dropUnsupportedAttributes", "sessionId", "communityId"]


@pytest.mark.parametrize("field", [*FIELDS, "comment.text", "comment.type", "requestedAttributes.TOXICITY"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_value_of_a_wrong_type_is_refused_or_fits(client, field, value):
    outer, _, inner = field.partition(".")
    answer = client.post(WELL | {outer: {**WELL[outer], inner: value} if inner else value})
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        envelope(answer)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param({"comment": {"text": 5}}, "comment.text", id="type"),
        pytest.param({"comment": {"text": "x", "type": "MARKDOWN"}}, "comment.type", id="enum"),
        pytest.param(
            WELL | {"requestedAttributes": {"TOXICITY": {"scoreThreshold": "x"}}},
            "requestedAttributes.TOXICITY.scoreThreshold",
            id="deep",
        ),
        pytest.param(
            b'{"requestedAttributes":{"TOXICITY":{"scoreThreshold":1e999}}}',
            "requestedAttributes.TOXICITY.scoreThreshold",
            id="endless number",
        ),
        pytest.param(WELL | {"languages": ["en", None]}, "languages.1", id="null in a list"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(client, body, where):
    error = envelope(client.post(body))
    assert error["message"] == f"Invalid JSON payload received. Invalid value at '{where}'."
    assert "details" not in error


@pytest.mark.parametrize("path", [ANALYZE, SUGGEST])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"hello", id="no JSON"),
        pytest.param(b'{"comment":', id="cut off"),
        pytest.param(b'{"comment":{"text":NaN}}', id="NaN"),
        pytest.param(b'{"comment":{"text":Infinity}}', id="Infinity"),
        pytest.param(b'{"comment":{"text":"\xff\xfe"}}', id="bad UTF-8"),
        pytest.param(b"[" * 50_000, id="nested"),
        pytest.param(b'{"a":' * 50_000, id="nested objects"),
        pytest.param(b"1" * 50_000, id="huge number"),
        pytest.param(b'"text"', id="a string"),
        pytest.param(b'{"comment":{"text":"\\ud83"}}', id="broken escape"),
    ],
)
def test_a_body_that_is_no_request_is_refused(client, path, body):
    error = envelope(client.post(body, path))
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert error["message"].startswith("Invalid JSON payload received. ")


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}"])
def test_an_empty_body_has_no_comment(client, body):
    assert envelope(client.post(body))["message"] == "Comment must be non-empty."


@pytest.mark.parametrize(
    ("text", "units"),
    [
        pytest.param(b"\\ud83d", 1, id="half"),
        pytest.param(b"a\\uDE00b", 3, id="the other half"),
        pytest.param(b"\\ud83d\\ude00", 2, id="pair"),
        pytest.param(b"\\\\ud83d", 6, id="not even an escape"),
        pytest.param(b"\\ud83d\\ud83d\\ude00", 3, id="half and pair"),
        pytest.param(b"a\\u0000b", 3, id="NUL"),
    ],
)
def test_half_an_emoji_is_one_unit(client, text, units):
    body = b'{"comment":{"text":"%b"},"requestedAttributes":{"TOXICITY":{}}}' % text
    span = client.post(body).json()["attributeScores"]["TOXICITY"]["spanScores"][0]
    assert (span["begin"], span["end"]) == (0, units)


def test_of_two_equal_keys_the_last_counts(client):
    body = b'{"comment":{"text":""},"comment":{"text":"hi"},"requestedAttributes":{"TOXICITY":{}}}'
    assert client.post(body).status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_ten_megabytes_is_refused_in_the_envelope(client, chunked):
    pieces = [b"x" * 1_000_000] * 10
    answer = client.http.post(ANALYZE, content=iter(pieces) if chunked else b"".join(pieces))
    assert (envelope(answer)["code"], envelope(answer)["status"]) == (413, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", ANALYZE, 405),
        ("PUT", ANALYZE, 405),
        ("GET", SUGGEST, 405),
        ("POST", "/v1alpha1/comments:nothing", 404),
        ("POST", "http://testserver//v1alpha1/comments:analyze", 404),
        ("GET", "/v1alpha1", 404),
        ("POST", "/$discovery/rest", 405),
        ("GET", "/$discovery/none", 404),
        ("GET", "/batch", 405),
    ],
)
def test_other_methods_and_paths_are_refused_in_the_envelope(client, method, path, code):
    answer = client.http.request(method, path)
    assert envelope(answer)["code"] == code
    assert code == 404 or answer.headers["allow"]


def test_without_a_key_nobody_is_served(client):
    error = envelope(client.http.post(ANALYZE, json=WELL))
    assert (error["code"], error["status"]) == (403, "PERMISSION_DENIED")
    assert error["message"].startswith("Method doesn't allow unregistered callers")


@pytest.mark.parametrize("key", ["wrong", "x" * 5000, "\x00", "ключ"])
def test_a_wrong_key_is_refused(client, key):
    error = envelope(client.post(WELL, key=key))
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert error["message"] == "API key not valid. Please pass a valid API key."
    assert error["details"][0]["reason"] == "API_KEY_INVALID"


@pytest.mark.parametrize(("path", "scope"), [(ANALYZE, Scope.SUBMIT), (SUGGEST, Scope.ANALYZE)])
def test_a_key_opens_what_it_is_for(client, path, scope):
    error = envelope(client.post(WELL, path, key=client.new_key("other", scope)))
    assert (error["code"], error["status"]) == (403, "PERMISSION_DENIED")


def test_a_used_up_quota_says_when_to_come_back(client):
    key = client.new_key("small", Scope.ANALYZE, quota=1)
    assert client.post(WELL, key=key).status_code == 200
    answer = client.post(WELL, key=key)
    error = envelope(answer)
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert error["message"].startswith(
        "Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' and limit "
    )
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert int(answer.headers["retry-after"]) > 0


def test_a_full_line_says_when_to_come_back(client, monkeypatch):
    async def full(*_):
        raise OverloadedError("more requests wait than can be answered", retry_after_s=1.0)

    monkeypatch.setattr(client.service.scores, "ask", full)
    answer = client.post(WELL)
    assert (envelope(answer)["code"], envelope(answer)["status"]) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "1"


def test_a_model_that_fails_is_no_score(faulty):
    with faulty(raising()) as client:
        answer = client.post(WELL)
        assert (envelope(answer)["code"], envelope(answer)["status"]) == (503, "UNAVAILABLE")
        assert answer.headers["retry-after"]
        assert client.analyze(TEXT, "RULES_HOLD")["attributeScores"]


def test_only_what_the_model_has_can_be_asked_for(faulty):
    class Small(FakeScorer):
        attributes = ("toxicity",)  # type: ignore[assignment]  # fewer

    with faulty(Small(lambda _: 0.1)) as client:
        assert client.post(WELL).status_code == 200
        assert client.post(WELL | {"requestedAttributes": {"THREAT": {}}}).status_code == 400


def test_a_model_that_lost_an_attribute_meanwhile_is_asked_again(faulty):
    with faulty(calm()) as client:
        scores = client.service.scores
        ask = scores.ask

        async def exchanged(item, gone: Gone):
            answer = await ask(item, gone)
            return replace(answer, result=CheckResult(answer.result.outcome))

        scores.ask = exchanged
        assert envelope(client.post(WELL))["code"] == 503


def test_whatever_breaks_is_told_in_the_envelope(client, monkeypatch, caplog):
    async def break_down(*_):
        raise RuntimeError(TEXT)

    monkeypatch.setattr(client.service.scores, "ask", break_down)
    error = envelope(client.post(WELL))
    assert (error["code"], error["status"]) == (500, "INTERNAL")
    assert TEXT not in json.dumps(error) + caplog.text


def test_browsers_read_errors_too(client):
    answer = client.http.post(ANALYZE, json=WELL, headers={"Origin": "https://site.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
