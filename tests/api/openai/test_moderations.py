"""`POST /v1/moderations`: what it takes, what it answers, and how it refuses."""

import asyncio
from urllib.parse import unquote

import pytest

from moderation.api.openai import refusal
from moderation.api.openai.moderations import MOST_LETTERS, MOST_TEXTS
from moderation.domain import Scope
from moderation.errors import (
    ModelError,
    OverloadedError,
    QuotaError,
    RequestError,
    StoreError,
)
from moderation.version import __version__
from tests.support.serving_dialects import (
    TellingScorer,
    in_process,
    key_of,
    opening,
    rules_of,
    service_behind,
)

PATH = "/v1/moderations"
FRENCH = "Bonjour à tous, je suis très content de vous voir ici ce soir avec mes amis"


@pytest.fixture
def scorer():
    return TellingScorer()


@pytest.fixture
def client(sqlite_url, scorer):
    with in_process(opening(sqlite_url, scorer=scorer)) as opened:
        opened.headers["Authorization"] = f"Bearer {key_of(service_behind(opened), Scope.ANALYZE)}"
        yield opened


def flags(answer):
    assert answer.status_code == 200, answer.text
    return [result["flagged"] for result in answer.json()["results"]]


def part(text):
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    ("given", "flagged"),
    [
        pytest.param("toxicity=0.9 you", [True], id="a text"),
        pytest.param(["hello there", "toxicity=0.9 you"], [False, True], id="texts, in order"),
        pytest.param(["hello there"] * 3, [False] * 3, id="the same text again"),
        pytest.param([part("hello"), part("toxicity=0.9")], [True], id="parts are one text"),
        pytest.param("", [False], id="an empty text"),
        pytest.param([" \n", "\u200b", "toxicity=0.9"], [False, False, True], id="nothing visible"),
    ],
)
def test_each_text_has_a_result(client, given, flagged):
    assert flags(client.post(PATH, json={"input": given})) == flagged


def test_an_answer_says_who_gave_it(client):
    answers = [client.post(PATH, json={"input": "hi", "model": "omni-moderation-latest"}) for _ in range(2)]
    body = answers[0].json()
    assert body.keys() == {"id", "model", "results"}
    assert body["id"].startswith("modr-")
    assert body["id"] != answers[1].json()["id"]
    assert body["model"] == answers[0].headers["X-Moderation-Model"] == TellingScorer.model
    assert answers[0].headers["X-Moderation-Version"] == __version__
    assert "X-Moderation-Unscored" not in answers[0].headers


def test_nothing_visible_is_not_scored(client, scorer):
    before = len(scorer.scored)
    answer = client.post(PATH, json={"input": ["", "hi"]})
    empty, scored = (one["category_applied_input_types"] for one in answer.json()["results"])
    assert not any(empty.values())
    assert any(scored.values())
    assert len(scorer.scored) == before + 1


@pytest.mark.slow
def test_as_many_texts_as_are_taken_at_a_time(client):
    texts = [f"toxicity={number % 2} number {number}" for number in range(MOST_TEXTS)]
    assert flags(client.post(PATH, json={"input": texts})) == [False, True] * (MOST_TEXTS // 2)


@pytest.mark.parametrize("on_failure", ["flag", "hold"])
def test_what_was_not_scored_is_said_and_follows_the_rules(sqlite_url, on_failure):
    rules = rules_of(on_failure={"toxicity": on_failure}, language={"expected": ["en", "fr"]})
    with in_process(opening(sqlite_url, rules, TellingScorer())) as client:
        key = key_of(service_behind(client), Scope.ANALYZE)
        texts = [FRENCH, "hello there", "you fail me now", FRENCH]
        answer = client.post(PATH, json={"input": texts}, headers={"Authorization": f"Bearer {key}"})
    held = on_failure == "hold"
    assert flags(answer) == [held, False, held, held]
    assert answer.headers["X-Moderation-Unscored"] == "not_covered=2, failed=1"


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.json().keys() == {"error"}
    error = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    return error


@pytest.mark.parametrize(
    ("body", "param"),
    [
        pytest.param({}, "input", id="nothing"),
        pytest.param([], "input", id="a list"),
        pytest.param("text", "input", id="a text"),
        pytest.param({"input": None}, "input", id="null"),
        pytest.param({"input": []}, "input", id="no texts"),
        pytest.param({"input": 5}, "input", id="a number"),
        pytest.param({"input": [[1, 2]]}, "input", id="tokens"),
        pytest.param({"input": ["a", 1]}, "input", id="a number among texts"),
        pytest.param({"input": ["a", part("b")]}, "input", id="texts and parts"),
        pytest.param({"input": [{"type": "text"}]}, "input", id="a part without text"),
        pytest.param({"input": [{"type": "text", "text": None}]}, "input", id="a part with null"),
        pytest.param({"input": [{"type": "image_url", "image_url": {"url": "x"}}]}, "input", id="an image"),
        pytest.param({"input": [part("a"), {"type": "audio"}]}, "input", id="another part"),
        pytest.param({"input": ["a"] * (MOST_TEXTS + 1)}, "input", id="too many texts"),
        pytest.param({"input": [part("a")] * (MOST_TEXTS + 1)}, "input", id="too many parts"),
        pytest.param({"input": "a", "model": 3}, "model", id="a number for a model"),
        pytest.param({"input": "a" * (MOST_LETTERS + 1)}, "input", id="a long text"),
        pytest.param({"input": ["a", "a" * (MOST_LETTERS + 1)]}, "input", id="a long text among others"),
        pytest.param({"input": [part("a" * 30_000)] * 2}, "input", id="long parts"),
    ],
)
def test_another_form_is_refused_and_named(client, body, param):
    error = problem(client.post(PATH, json=body), 400)
    assert (error["type"], error["param"]) == ("invalid_request_error", param)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"input": NaN}', id="NaN"),
        pytest.param(b'{"input": "\xff"}', id="no UTF-8"),
        pytest.param(b"[" * 50_000, id="nested without end"),
    ],
)
def test_what_is_no_json_is_refused(client, body):
    error = problem(client.post(PATH, content=body), 400)
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", None, None)


def test_a_text_that_was_cut_inside_an_emoji_is_taken(client):
    answer = client.post(PATH, content=b'{"input": "toxicity=0.9 \\ud83d"}')
    assert flags(answer) == [True]


def test_the_name_of_a_model_may_have_any_letters(sqlite_url):
    scorer = TellingScorer()
    scorer.model = "модель@1"
    with in_process(opening(sqlite_url, rules_of(), scorer)) as client:
        key = key_of(service_behind(client), Scope.ANALYZE)
        answer = client.post(PATH, json={"input": "a"}, headers={"Authorization": f"Bearer {key}"})
    assert answer.json()["model"] == scorer.model
    assert unquote(answer.headers["X-Moderation-Model"]) == scorer.model


def test_a_message_quotes_nothing_of_the_text(client):
    error = problem(client.post(PATH, json={"input": ["secretword", 1]}), 400)
    assert "secretword" not in error["message"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        pytest.param("GET", PATH, 405, "method_not_supported", id="another method"),
        pytest.param("DELETE", PATH, 405, "method_not_supported", id="yet another"),
        pytest.param("POST", PATH + "/x", 404, "unknown_url", id="nothing there"),
        pytest.param("POST", PATH + "/", 404, "unknown_url", id="a slash"),
    ],
)
def test_other_addresses_are_refused_in_the_same_form(client, method, path, status, code):
    assert problem(client.request(method, path), status)["code"] == code


def test_a_body_that_is_too_large_is_refused_in_the_same_form(client):
    assert problem(client.post(PATH, content=b"x" * 2_000_000), 413)["code"] == "request_too_large"


@pytest.mark.parametrize("headers", [{"Authorization": ""}, {"Authorization": "Bearer sk-wrong"}])
def test_a_key_that_is_not_valid_is_401_whatever_the_body(client, headers):
    error = problem(client.post(PATH, content=b"{", headers=headers), 401)
    assert error["code"] == "invalid_api_key"
    assert "sk-wrong" not in error["message"]


def test_a_key_for_other_things_is_403(client):
    key = key_of(service_behind(client), Scope.SUBMIT)
    headers = {"Authorization": f"Bearer {key}"}
    assert problem(client.post(PATH, json={"input": "a"}, headers=headers), 403)["code"] == "missing_scope"


def test_each_text_counts_against_the_quota(client):
    headers = {"Authorization": f"Bearer {key_of(service_behind(client), Scope.ANALYZE, quota=3)}"}
    assert flags(client.post(PATH, json={"input": ["a", "b"]}, headers=headers)) == [False, False]
    refused = client.post(PATH, json={"input": ["a", "b"]}, headers=headers)
    assert problem(refused, 429)["code"] == "rate_limit_exceeded"
    assert int(refused.headers["Retry-After"]) >= 1


def test_an_overload_is_429_and_gives_up_what_waits(client, monkeypatch):
    asked, given_up = [], []

    async def ask(scoring, gone):
        asked.append(scoring.text)
        if len(asked) == 1:
            raise OverloadedError("more requests wait", retry_after_s=1.4)
        try:
            await asyncio.sleep(60)
        finally:
            given_up.append(scoring.text)

    monkeypatch.setattr(client.app.state.service.scores, "ask", ask)
    refused = client.post(PATH, json={"input": [str(number) for number in range(500)]})
    assert problem(refused, 429)["type"] == "requests"
    assert refused.headers["Retry-After"] == "2"
    assert given_up == asked[1:]
    assert len(asked) < 100


def test_rules_without_scores_are_refused(sqlite_url):
    with in_process(opening(sqlite_url, rules_of(toxicity=False))) as client:
        key = key_of(service_behind(client), Scope.ANALYZE)
        answer = client.post(PATH, json={"input": "a"}, headers={"Authorization": f"Bearer {key}"})
    assert "toxicity" in problem(answer, 400)["message"]


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        pytest.param(None, 500, "server_error", id="ours"),
        pytest.param(ModelError("at /secret"), 503, "server_error", id="the model"),
        pytest.param(StoreError("at /secret"), 503, "server_error", id="the database, asked for a key"),
        pytest.param(QuotaError("quota", retry_after_s=1), 429, "requests", id="the quota"),
        pytest.param(RequestError("wrong", status=422), 400, "invalid_request_error", id="another form"),
    ],
)
def test_a_refusal_has_all_four_keys_and_a_status_that_clients_understand(error, status, kind):
    refused = refusal(error)
    assert refused.status_code == status
    body = bytes(refused.body).decode()
    assert f'"type":"{kind}"' in body
    assert all(f'"{key}":' in body for key in ("message", "type", "param", "code"))
    assert "secret" not in body
