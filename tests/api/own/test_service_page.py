"""What docs/service.md shows is run: requests against the service, programs against a server."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from moderation.api.app import app_of
from tests.support.needs import missing
from tests.support.service_app import key_of, listening, open_service

PAGE = (Path(__file__).parents[3] / "docs/service.md").read_text(encoding="utf-8")


def marked(mark):
    return re.findall(rf"<!-- {mark}: POST (\S+) -->\n```json\n(.*?)```", PAGE, re.DOTALL)


def program(language, containing):
    (source,) = [one for one in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if containing in one]
    return source


@pytest.fixture
def server(sqlite_url, monkeypatch):
    with listening(app_of(lambda: open_service(sqlite_url))) as address:
        monkeypatch.setenv("MODERATION_URL", address)
        monkeypatch.setenv("KEY", key_of(sqlite_url))
        yield address


def test_each_request_that_is_shown_is_taken(site):
    key = site.key()
    shown = marked("request")
    assert [path for path, _ in shown] == ["/v1/comments", "/v1/verdicts", "/v1/labels", "/v1/appeals"]
    for path, body in shown:
        answer = site.client.post(path, json=json.loads(body), headers=key)
        assert answer.status_code == 200, answer.text
        assert "error" not in answer.text


def test_the_lines_that_are_shown_are_taken(site):
    ((path, body),) = marked("lines")
    answer = site.client.post(path, content=body, headers=site.key())
    assert [json.loads(one)["external_id"] for one in answer.text.splitlines()] == ["c-2", "c-3"]


def test_the_decision_that_is_shown_has_the_keys_of_one(site):
    shown = json.loads(
        next(one for one in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if '"action"' in one)
    )
    answer = site.client.post("/v1/check", json={"text": "You are an idiot"}, headers=site.key())
    assert set(shown) == set(answer.json())


def test_the_error_that_is_shown_is_the_one_that_comes(site):
    shown = json.loads(
        next(one for one in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if '"title"' in one)
    )
    answer = site.client.post("/v1/check", json={"text": "a", "revision": 2**31}, headers=site.key())
    assert answer.json() == shown


def test_each_path_is_described(site):
    paths = site.client.get("/openapi.json").json()["paths"]
    listed = re.findall(r"^\| `(?:GET|POST) (/v1[/\w]*)` \|", PAGE, re.MULTILINE)
    assert set(listed) == {path for path in paths if path.startswith("/v1")} - {"/v1/moderations"}


@pytest.mark.slow
def test_the_python_runs(server, capsys):
    exec(compile(program("python", "Client("), "service.md", "exec"), {})  # noqa: S102 - our own document
    said = capsys.readouterr().out
    assert said.startswith("approve")
    assert "n-2 approve" in said


@pytest.mark.node
@pytest.mark.slow
def test_the_node_runs(server, tmp_path):
    node = shutil.which("node")
    if node is None:
        missing("no Node.js here")
    path = tmp_path / "check.mjs"
    path.write_text(program("js", "fetch("), encoding="utf-8")
    done = subprocess.run([node, str(path)], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "approve\n"
