"""`/batch`: many requests in one, each answered for itself."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from secrets import token_hex
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from moderation.api.access import key_text
from moderation.api.guard import BODY_BYTES, GONE, log_failure, path_of, too_large
from moderation.api.options import service_options
from moderation.api.perspective.analyze import analyze_comment
from moderation.api.perspective.asking import PATIENCE
from moderation.api.perspective.envelope import PerspectiveError, refusal
from moderation.api.perspective.multipart import BatchPart, PartRequest, batch_parts
from moderation.api.perspective.suggest import suggest_score
from moderation.errors import ModerationError, RequestError

BATCH_BYTES = 24_000_000
"""Largest body of a batch, in bytes."""

_AT_ONCE = 32  # parts that are answered at a time: as many as are scored together
_PATIENCE_S = 60.0

_Handler = Callable[[Request], Awaitable[Response]]
_HANDLERS: dict[str, _Handler] = {
    "/v1alpha1/comments:analyze": analyze_comment,
    "/v1alpha1/comments:suggestscore": suggest_score,
}


async def answer_batch(request: Request) -> Response:
    """Answer every part of a batch, in order. A part has its own key, or else the batch's."""
    content_type = request.headers.get("content-type", "")
    parts = await run_in_threadpool(batch_parts, content_type, await request.body())
    answers: list[Response | None] = [None] * len(parts)
    waiting = iter(enumerate(parts))
    await asyncio.gather(*(_work(waiting, answers, request) for _ in range(_AT_ONCE)))
    boundary = f"batch_{token_hex(16)}"
    pieces = [_written(part, answer, boundary) for part, answer in zip(parts, answers, strict=True) if answer]
    return Response(
        b"".join([*pieces, f"--{boundary}--\r\n".encode()]),
        media_type=f"multipart/mixed; boundary={boundary}",
    )


async def _work(
    waiting: Iterator[tuple[int, BatchPart]], answers: list[Response | None], request: Request
) -> None:
    for number, part in waiting:
        if request.scope[GONE].happened:
            raise asyncio.CancelledError  # nobody reads what would come
        answers[number] = await _answer(part, request)


async def _answer(part: BatchPart, request: Request) -> Response:
    try:
        inner = _inner(part.request, request)
        return await _handler(inner)(inner)
    except ModerationError as error:
        return refusal(error)
    except Exception as error:  # noqa: BLE001 - one part that breaks does not break the others
        log_failure(request.scope, error)
        return refusal(None)


def _handler(inner: Request) -> _Handler:
    path = path_of(inner.scope)
    if path == "/batch":
        raise PerspectiveError("A batch can't hold another batch", kind="")
    if path not in _HANDLERS:
        raise RequestError("there is nothing at this address", status=404)
    if inner.method != "POST":
        raise RequestError("this path takes another method", status=405, allow=["POST"])
    return _HANDLERS[path]


def _inner(part: PartRequest | RequestError, outer: Request) -> Request:
    """Return a part's request as its endpoint takes it; raise why it can't be read."""
    if isinstance(part, RequestError):
        raise part
    if len(part.body) > BODY_BYTES:
        raise too_large(BODY_BYTES)
    root: str = outer.scope.get("root_path", "")
    path = _without_root(part.path, root)
    scope: Scope = {
        **outer.scope,
        "method": part.method,
        "path": root + path,
        "raw_path": path.encode(),
        "query_string": part.query.encode("latin-1", "replace"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in part.headers],
        "state": {},
        PATIENCE: _PATIENCE_S,
    }
    if not key_text(Request(scope)):
        scope["headers"].append((b"x-goog-api-key", key_text(outer).encode("latin-1", "replace")))
    return Request(scope, _receive(part.body))


def _receive(body: bytes) -> Callable[[], Awaitable[Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _without_root(path: str, root: str) -> str:
    """Return a path without the sub-path under which clients see the service; a proxy takes it off the batch alone."""
    for prefix in (urlsplit(service_options().public_url).path.rstrip("/"), root):
        if prefix and path.startswith(f"{prefix}/"):
            return path.removeprefix(prefix)
    return path


def _written(part: BatchPart, answer: Response, boundary: str) -> bytes:
    lines = [f"--{boundary}", "Content-Type: application/http"]
    if part.content_id:
        lines.append(f"Content-ID: {_answered_id(part.content_id)}")
    lines += ["", f"HTTP/1.1 {answer.status_code} {HTTPStatus(answer.status_code).phrase}"]
    head = "\r\n".join(lines).encode()
    headers = b"".join(b"\r\n%b: %b" % header for header in answer.raw_headers)
    return head + headers + b"\r\n\r\n" + bytes(answer.body) + b"\r\n"


def _answered_id(content_id: str) -> str:
    inner = content_id.removeprefix("<")
    return f"<response-{inner}" if inner != content_id else f"response-{inner}"
