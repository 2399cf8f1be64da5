"""The guard bounds what comes in, and answers for whatever breaks behind it."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moderation.api import guard
from moderation.api.guard import GONE, Guard, path_of, route_of
from moderation.errors import InvalidCommentError, OverloadedError
from tests.support.loops import run_async

PIECE = b"x" * 1000


def scope(path: str = "/v1/check", headers: dict[bytes, bytes] | None = None, **more: Any) -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": list((headers or {}).items()),
    } | more


async def ask(
    app: ASGIApp, messages: list[Message], asked: Scope | None = None
) -> tuple[int, dict[str, Any]]:
    """Send a request piece by piece; after the last one the client waits."""
    sent: list[Message] = []
    waiting = iter(messages)

    async def receive() -> Message:
        for message in waiting:
            return message
        await asyncio.sleep(3600)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await app(asked or scope(), receive, send)
    if not sent:
        return 0, {}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {"headers": dict(sent[0]["headers"]), "body": json.loads(body or b"null")}


def pieces(*bodies: bytes) -> list[Message]:
    last = len(bodies) - 1
    return [
        {"type": "http.request", "body": body, "more_body": number < last}
        for number, body in enumerate(bodies)
    ]


def app_that(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await answer(request))(scope, receive, send)

    return app


async def length(request: Request) -> Response:
    return JSONResponse(len(await request.body()))


def test_the_app_gets_the_whole_body() -> None:
    assert run_async(ask(Guard(app_that(length)), pieces(PIECE, PIECE, b"y")))[1]["body"] == 2001


@pytest.mark.parametrize(
    ("headers", "bodies"),
    [
        pytest.param({b"content-length": b"1001"}, [b""], id="said"),
        pytest.param({b"content-length": b"-1"}, [b""], id="no length"),
        pytest.param({b"content-length": "١".encode()}, [b""], id="digits of another script"),
        pytest.param({}, [PIECE, b"y"], id="chunked"),
        pytest.param({b"content-length": b"5"}, [PIECE, PIECE], id="more than said"),
    ],
)
def test_a_body_over_the_limit_is_refused_and_the_connection_ends(
    headers: dict[bytes, bytes], bodies: list[bytes]
) -> None:
    guarded = Guard(app_that(length), limit=lambda _: 1000)
    status, said = run_async(ask(guarded, pieces(*bodies), scope(headers=headers)))
    assert status == 413
    assert said["headers"][b"connection"] == b"close"
    assert said["body"]["code"] == "request"


def test_a_body_that_said_its_length_is_refused_before_it_is_read() -> None:
    async def receive() -> Message:
        raise AssertionError("it was read")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    guarded = Guard(app_that(length), limit=lambda _: 1000)
    run_async(guarded(scope(headers={b"content-length": b"10000000"}), receive, send))
    assert sent[0]["status"] == 413


def test_a_path_may_read_its_own_body() -> None:
    guarded = Guard(app_that(length), limit=lambda path: None if path == "/bulk" else 10)
    assert run_async(ask(guarded, pieces(PIECE), scope("/bulk")))[0] == 200
    assert run_async(ask(guarded, pieces(PIECE), scope("/other")))[0] == 413


def test_a_body_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_S", 0.01)
    unfinished: list[Message] = [{"type": "http.request", "body": PIECE, "more_body": True}]
    status, said = run_async(ask(Guard(app_that(length)), unfinished))
    assert (status, said["headers"][b"connection"]) == (400, b"close")


def test_a_client_that_hangs_up_while_it_sends_gets_no_answer_and_nobody_works() -> None:
    async def never(request: Request) -> Response:
        raise AssertionError

    messages: list[Message] = [
        {"type": "http.request", "body": PIECE, "more_body": True},
        {"type": "http.disconnect"},
    ]
    assert run_async(ask(Guard(app_that(never)), messages)) == (0, {})


def test_the_app_learns_that_the_client_is_gone() -> None:
    async def wait(request: Request) -> Response:
        while not request.scope[GONE].happened:  # noqa: ASYNC110 - the flag is all there is
            await asyncio.sleep(0)
        raise asyncio.CancelledError

    messages = [*pieces(b"{}"), {"type": "http.disconnect"}]
    assert run_async(ask(Guard(app_that(wait)), messages)) == (0, {})


def test_the_servers_own_end_is_passed_on() -> None:
    async def cancelled(request: Request) -> Response:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run_async(ask(Guard(app_that(cancelled)), pieces(b"")))


def test_an_error_of_ours_is_an_answer() -> None:
    async def refuse(request: Request) -> Response:
        raise InvalidCommentError("a comment's site must not be empty", hint="name one")

    status, said = run_async(ask(Guard(app_that(refuse)), pieces(b"")))
    assert status == 422
    assert said["body"] == {
        "type": "urn:comment-moderation:error:invalid_comment",
        "title": "a comment's site must not be empty",
        "detail": "name one",
        "status": 422,
        "code": "invalid_comment",
    }


def test_any_other_error_is_a_500_whose_text_reaches_neither_client_nor_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def break_down(request: Request) -> Response:
        raise ValueError("the comment said SECRET")

    with caplog.at_level(logging.DEBUG):
        status, said = run_async(ask(Guard(app_that(break_down)), pieces(b"SECRET")))
    assert (status, said["body"]["code"]) == (500, "internal")
    assert "ValueError" in caplog.text
    assert "SECRET" not in caplog.text + json.dumps(said["body"])


def test_an_answer_that_breaks_off_is_never_completed_by_another() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError

    with pytest.raises(RuntimeError, match="broke off"):
        run_async(ask(Guard(app), pieces(b"")))


def test_too_many_requests_at_a_time_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "AT_ONCE", 1)
    may_end = asyncio.Event()

    async def wait(request: Request) -> Response:
        await may_end.wait()
        return Response()

    async def ask_twice() -> tuple[int, dict[str, Any]]:
        guarded = Guard(app_that(wait))
        first = asyncio.ensure_future(ask(guarded, pieces(b"")))
        await asyncio.sleep(0)
        second = await ask(guarded, pieces(b""))
        may_end.set()
        assert (await first)[0] == 200
        return second

    status, said = run_async(ask_twice())
    assert (status, said["headers"][b"retry-after"]) == (503, b"1")
    assert said["body"]["code"] == OverloadedError.code


def test_what_is_no_request_passes() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    run_async(ask(Guard(app), [], {"type": "lifespan"}))
    assert seen == ["lifespan"]


def test_a_path_is_told_without_the_proxys_sub_path() -> None:
    assert path_of(scope("/moderation/v1/check", root_path="/moderation")) == "/v1/check"
    assert route_of(scope("/a-comment-in-the-address")) == "(no such path)"
