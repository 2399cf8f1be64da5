"""OpenAI's own Python package, unchanged, against a real server and the real model."""

import asyncio

import openai
import pytest

from moderation.domain import Scope
from moderation.errors import QuotaError
from tests.support.loops import run_async
from tests.support.serving_dialects import key_of, on_loopback, opening

pytestmark = pytest.mark.slow

RUDE, KIND = "You are a stupid idiot, shut up", "What a lovely day, thank you all"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('served') / 'moderation.db'}"
    with on_loopback(opening(url)) as (address, service):
        yield f"{address}/v1", service


@pytest.fixture
def client(served):
    address, service = served
    key = key_of(service, Scope.ANALYZE)
    with openai.OpenAI(base_url=address, api_key=key, max_retries=0) as opened:
        yield opened


class Counting:
    """Quotas that refuse a number of times, and count how often they are asked."""

    def __init__(self, refusals):
        self.refusals = refusals
        self.asked = 0

    def spend(self, key, comments):
        self.asked += 1
        if self.asked <= self.refusals:
            raise QuotaError("the quota of this minute is used up", retry_after_s=0.1)


@pytest.fixture
def quotas(served, monkeypatch):
    def refusing(times):
        counting = Counting(times)
        monkeypatch.setattr(served[1], "quotas", counting)
        return counting

    return refusing


@pytest.mark.parametrize("model", ["omni-moderation-latest", "text-moderation-stable", None])
def test_a_text_is_moderated(client, model):
    answer = client.moderations.create(input=RUDE, **({"model": model} if model else {}))
    (result,) = answer.results
    assert answer.model.startswith("compact@")
    assert result.flagged
    assert result.categories.harassment
    assert result.category_scores.harassment > 0.5
    assert result.category_applied_input_types.harassment == ["text"]
    assert result.categories.self_harm is False
    assert result.category_applied_input_types.self_harm == []
    assert not result.to_dict().keys() - {
        *("flagged", "categories", "category_scores", "category_applied_input_types")
    }


def test_a_list_has_a_result_each(client):
    answer = client.moderations.create(input=[RUDE, KIND, ""] * 40)
    assert [result.flagged for result in answer.results] == [True, False, False] * 40


def test_parts_have_one_result(client):
    answer = client.moderations.create(input=[{"type": "text", "text": KIND}, {"type": "text", "text": RUDE}])
    assert [result.flagged for result in answer.results] == [True]


def test_headers_can_be_read(client):
    raw = client.moderations.with_raw_response.create(input=KIND)
    assert raw.headers["x-moderation-model"] == raw.parse().model


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        pytest.param(openai.BadRequestError, [], None, id="no texts"),
        pytest.param(
            openai.BadRequestError,
            [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}],
            None,
            id="an image",
        ),
    ],
)
def test_what_is_wrong_is_raised_as_openai_raises_it(client, kind, given, code):
    with pytest.raises(kind) as raised:
        client.moderations.create(input=given)
    assert raised.value.type == "invalid_request_error"
    assert (raised.value.param, raised.value.code) == ("input", code)


def test_a_wrong_key_is_an_authentication_error(client):
    with pytest.raises(openai.AuthenticationError) as raised:
        client.with_options(api_key="sk-wrong").moderations.create(input=KIND)
    assert raised.value.code == "invalid_api_key"


def test_a_key_for_other_things_is_a_permission_error(client, served):
    other = client.with_options(api_key=key_of(served[1], Scope.SUBMIT))
    with pytest.raises(openai.PermissionDeniedError):
        other.moderations.create(input=KIND)


@pytest.mark.parametrize(
    ("retries", "refusals", "asked", "answered"),
    [
        pytest.param(0, 1, 1, False, id="off"),
        pytest.param(2, 1, 2, True, id="on"),
        pytest.param(1, 5, 2, False, id="on, in vain"),
    ],
)
def test_a_quota_is_waited_for_as_often_as_the_client_likes(
    client, served, quotas, retries, refusals, asked, answered
):
    counting = quotas(refusals)
    limited = key_of(served[1], Scope.ANALYZE, quota=1000)
    patient = client.with_options(api_key=limited, max_retries=retries)
    if answered:
        assert patient.moderations.create(input=KIND).results
    else:
        with pytest.raises(openai.RateLimitError) as raised:
            patient.moderations.create(input=KIND)
        assert raised.value.code == "rate_limit_exceeded"
        assert raised.value.response.headers["retry-after"] == "1"
    assert counting.asked == asked


def test_what_is_wrong_is_not_sent_again(client, served):
    eager = client.with_options(max_retries=3)
    with pytest.raises(openai.BadRequestError) as raised:
        eager.moderations.create(input=[])
    assert raised.value.request.headers["x-stainless-retry-count"] == "0"


def test_many_at_a_time_with_the_async_client(served):
    address, service = served
    texts = [f"{RUDE if number % 3 == 0 else KIND}, number {number}" for number in range(30)]

    async def ask_all():
        key = key_of(service, Scope.ANALYZE)
        async with openai.AsyncOpenAI(base_url=address, api_key=key, max_retries=2) as client:
            answers = await asyncio.gather(*(client.moderations.create(input=text) for text in texts))
            with pytest.raises(openai.AuthenticationError):
                await client.with_options(api_key="sk-wrong").moderations.create(input=KIND)
        return [answer.results[0].flagged for answer in answers]

    assert run_async(ask_all()) == [number % 3 == 0 for number in range(30)]
