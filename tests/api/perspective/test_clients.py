"""Google's own client for Python, as its package comes, against a real server."""

from collections.abc import Iterator

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from moderation.api.app import app_of
from moderation.api.service import Service
from moderation.api_keys import ApiKeys
from moderation.domain import Scope
from moderation.store import Store
from tests.support.serving import serving

pytestmark = pytest.mark.slow

TEXT = "You are such an idiot 😀! I like your garden very much."


def behind_proxy(app, root):
    """Return what uvicorn makes of requests whose sub-path a proxy takes off: it is put back, and told."""

    async def serve(scope, receive, send):
        await app({**scope, "root_path": root}, receive, send)

    return serve


@pytest.fixture(params=["", "/sub"])
def discovery(request, real_moderator, sqlite_url, monkeypatch) -> Iterator[tuple[str, str]]:
    """The address of a discovery document, and a key; in one case the service is under a sub-path."""
    monkeypatch.setattr(real_moderator, "close", lambda: None)
    store = Store.open(sqlite_url)
    key = ApiKeys(store).add("tests", list(Scope), by="tests").secret
    app = behind_proxy(app_of(lambda: Service(real_moderator, store)), request.param)
    with serving(app) as server:
        address = f"http://127.0.0.1:{server.port}{request.param}"
        yield f"{address}/$discovery/rest?version=v1alpha1", key


@pytest.fixture
def comments(discovery):
    address, key = discovery
    service = build(
        "commentanalyzer", "v1alpha1", developerKey=key, discoveryServiceUrl=address, static_discovery=False
    )
    with service:
        yield service


def request_for(text, **more):
    return {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["en"]} | more


def test_it_scores_suggests_and_sends_batches(comments):
    answer = comments.comments().analyze(body=request_for(TEXT, spanAnnotations=True)).execute()
    spans = answer["attributeScores"]["TOXICITY"]["spanScores"]
    assert [(span["begin"], span["end"]) for span in spans] == [(0, 25), (26, 55)]

    suggested = {"comment": {"text": TEXT}, "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}}}
    assert comments.comments().suggestscore(body=suggested).execute()["detectedLanguages"] == ["en"]

    found = {}
    batch = comments.new_batch_http_request(callback=lambda name, *said: found.update({name: said}))
    texts = {TEXT: TEXT, f"{TEXT} + <&> 100 %\n" * 50: TEXT, "empty": ""} | {
        f"number {n}": f"number {n}" for n in range(50)
    }
    for name, text in texts.items():
        batch.add(comments.comments().analyze(body=request_for(text)), request_id=name)
    batch.execute()
    assert list(found) == list(texts)
    failed = {name: error for name, (_, error) in found.items() if error}
    assert "COMMENT_EMPTY" in str(failed.pop("empty"))
    assert not failed
    assert found[TEXT][0]["attributeScores"]["TOXICITY"]["summaryScore"]["value"] > 0.5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"comment": {"text": ""}}, "COMMENT_EMPTY"),
        ({"requestedAttributes": {"NONE": {}}}, "Unknown requested attribute: NONE"),
        ({"languages": ["zu"]}, 'returned "Attribute TOXICITY does not support request languages: zu"'),
    ],
)
def test_its_errors_say_what_callers_look_for(comments, change, said):
    with pytest.raises(HttpError) as caught:
        comments.comments().analyze(body=request_for(TEXT) | change).execute()
    assert caught.value.resp.status == 400
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("key", "status", "said"), [("wrong", 400, "API_KEY_INVALID"), (None, 403, "unregistered callers")]
)
def test_it_tells_a_key_that_is_wrong_or_missing(discovery, key, status, said):
    address, _ = discovery
    with (
        build("commentanalyzer", "v1alpha1", developerKey=key, discoveryServiceUrl=address, static_discovery=False) as service,
        pytest.raises(HttpError) as caught,
    ):  # fmt: skip
        service.comments().analyze(body=request_for(TEXT)).execute()
    assert caught.value.resp.status == status
    assert said in str(caught.value)
