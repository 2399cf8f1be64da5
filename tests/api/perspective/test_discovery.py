"""The discovery document: complete, and about this service."""

import json

import pytest
from starlette.testclient import TestClient

PATH = "/$discovery/rest"
PARAMETERS = {
    "$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser",
    "uploadType", "upload_protocol",
}  # fmt: skip
SCHEMAS = {
    "AnalyzeCommentRequest", "AnalyzeCommentResponse", "ArticleAndParentComment", "AttributeParameters",
    "AttributeScores", "Context", "Score", "SpanScore", "SuggestCommentScoreRequest", "SuggestCommentScoreResponse",
    "TextEntry",
}  # fmt: skip


def references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


@pytest.mark.parametrize("path", [PATH, "/%24discovery/rest"])
@pytest.mark.parametrize("query", ["version=v1alpha1", "version=v1alpha1&key=none&x=y", ""])
def test_the_document_is_complete(client, path, query):
    answer = client.http.get(f"{path}?{query}")
    document = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert set(document["parameters"]) == PARAMETERS
    assert set(document["schemas"]) == SCHEMAS == set(references(document))
    assert (document["servicePath"], document["batchPath"]) == ("", "batch")
    assert "googleapis.com" not in json.dumps(document)


def test_another_version_is_not_there(client):
    answer = client.http.get(PATH, params={"version": "v2"})
    assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("host", "root", "public", "address"),
    [
        pytest.param("mod.example", "", "", "http://mod.example/", id="host"),
        pytest.param("mod.example:8080", "", "", "http://mod.example:8080/", id="port"),
        pytest.param("mod.example", "/sub/path", "", "http://mod.example/sub/path/", id="sub-path"),
        pytest.param("inner", "", "https://mod.example/x", "https://mod.example/x/", id="public address"),
        pytest.param("inner", "", "https://mod.example/", "https://mod.example/", id="with a slash"),
    ],
)
def test_the_root_is_this_service_with_a_last_slash(client, monkeypatch, host, root, public, address):
    monkeypatch.setenv("MODERATION_SERVE_PUBLIC_URL", public)
    http = TestClient(client.http.app, root_path=root)
    document = http.get(root + PATH, headers={"Host": host}).json()
    assert [document[name] for name in ("rootUrl", "baseUrl", "mtlsRootUrl")] == [address] * 3


@pytest.mark.parametrize("host", ["[", "a b", "", "ключ".encode(), "x" * 5000, "a/../b", '"'])
def test_a_hostile_host_breaks_nothing(client, host):
    assert client.http.get(PATH, headers={"Host": host}).status_code in {200, 400}
