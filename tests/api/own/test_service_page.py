"""What docs/service.md shows is run: requests against the service, programs against a server."""

import json
import re
import shutil
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

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


LANGUAGES = {"node": "js", "php": "php", "ruby": "ruby"}


def ran(interpreter, folder):
    """Run what the page shows for a language; return what it decides, and what it says in its log."""
    found = shutil.which(interpreter)
    if found is None and interpreter == "node":
        missing("no Node.js here")
    if found is None:
        pytest.skip(f"no {interpreter} here")  # not in CI either: no other test needs it
    if interpreter == "php" and "curl" not in subprocess.check_output([found, "-m"], text=True).split():
        pytest.skip("no curl for PHP here")
    path = folder / "check.mjs"
    path.write_text(program(LANGUAGES[interpreter], "/v1/check"), encoding="utf-8")
    done = subprocess.run([found, str(path)], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout, done.stderr


@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("interpreter", LANGUAGES)
def test_the_programs_of_other_languages_decide(server, tmp_path, interpreter):
    assert ran(interpreter, tmp_path)[0] == "approve\n"


@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("interpreter", LANGUAGES)
def test_they_hold_a_comment_where_the_key_is_wrong_and_say_so(server, tmp_path, monkeypatch, interpreter):
    monkeypatch.setenv("KEY", "cmk_wrong")
    decided, said = ran(interpreter, tmp_path)
    assert decided == "hold\n"
    assert "401" in said


def silent(connection):
    connection.recv(65536)
    connection.settimeout(30)
    connection.recv(1)  # until the client has had enough


def dripping(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")
    with suppress(OSError):
        for _ in range(50):
            connection.sendall(b" ")
            sleep(0.5)


def answering(answer):
    def fault(connection):
        connection.recv(65536)
        connection.sendall(answer)

    return fault


@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("interpreter", LANGUAGES)
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(answering(b""), id="closes"),
        pytest.param(answering(b"good day\r\n\r\n"), id="no HTTP"),
        pytest.param(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"), id="a page"),
        pytest.param(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull"), id="null"),
        pytest.param(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"), id="a list"),
        pytest.param(
            answering(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"action"'), id="half an answer"
        ),
        pytest.param(silent, id="silent"),
        pytest.param(dripping, id="drips"),
    ],
)
def test_they_hold_a_comment_that_gets_no_answer(fault, tmp_path, monkeypatch, interpreter):
    with socket.create_server(("127.0.0.1", 0)) as broken:
        monkeypatch.setenv("MODERATION_URL", f"http://127.0.0.1:{broken.getsockname()[1]}")
        monkeypatch.setenv("KEY", "cmk_any")

        def accept():
            with broken.accept()[0] as connection:
                fault(connection)

        threading.Thread(target=accept, daemon=True).start()
        began = monotonic()
        decided, said = ran(interpreter, tmp_path)
    assert decided == "hold\n"
    assert said
    assert monotonic() - began < 20


@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("interpreter", LANGUAGES)
def test_they_hold_a_comment_where_the_host_is_unknown(tmp_path, monkeypatch, interpreter):
    monkeypatch.setenv("MODERATION_URL", "http://nowhere.invalid:1")
    monkeypatch.setenv("KEY", "cmk_any")
    decided, said = ran(interpreter, tmp_path)
    assert decided == "hold\n"
    assert said
