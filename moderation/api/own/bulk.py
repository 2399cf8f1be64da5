"""Comments as JSON lines, of any number: each is answered on a line, as soon as it is stored.

What arrived while a chunk was at work is the next chunk. So a client that waits for each answer gets it at once, and
one that sends without pause has its comments decided by the hundred. Memory is bounded by a piece of the body and a
line.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Send
from starlette.types import Scope as AsgiScope
from typing_extensions import override

from moderation.api.access import service_of
from moderation.api.connection import ENDING
from moderation.api.own.asking import site_for
from moderation.api.own.forms import stored_to_dict
from moderation.api.own.lines import LINE_BYTES, BulkLine, BulkLines
from moderation.api.own.models import NewCommentIn
from moderation.api.problems import document
from moderation.api.reading import as_model, parse_json
from moderation.api.service import Service
from moderation.api_keys import ApiKey
from moderation.domain import Comment, StoredDecision
from moderation.errors import LaterError, ModerationError, QuotaError, RequestError

MEDIA_TYPE = "application/x-ndjson"

CHUNK = 100
"""Most comments of one transaction: what is lost of the work if the client hangs up meanwhile."""

PIECE_S = 30.0
"""Longest wait for the next piece of the body, and for the client to read a piece of the answer, in seconds."""


class BulkAnswer(Response):
    """Reads the body and answers it, both piece by piece."""

    media_type = MEDIA_TYPE

    def __init__(self, request: Request, key: ApiKey) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._service = service_of(request)
        self._key = key

    @override
    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        await _send(send, {"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        lines, more = BulkLines(), True
        while more:
            try:
                message = await _next(receive, scope.get(ENDING))
            except ModerationError as error:
                await _send_lines(send, [_refused(lines.number, error)])
                break
            if message["type"] == "http.disconnect":
                return
            more = message.get("more_body", False)
            await self._answer(list(lines.feed(message.get("body", b""))), send)
        else:
            await self._answer(list(lines.end()), send)
        await _send(send, {"type": "http.response.body", "body": b""})

    async def _answer(self, lines: Sequence[BulkLine], send: Send) -> None:
        for start in range(0, len(lines), CHUNK):
            async with self._service.bulk_turn:
                answers = await run_in_threadpool(
                    answer_lines, self._service, self._key, lines[start : start + CHUNK]
                )
            await _send_lines(send, answers)


async def _next(receive: Receive, ending: asyncio.Event | None) -> Message:
    """Wait for the next piece of the body.

    Raises:
        RequestError: nothing comes.
        LaterError: the service ends; the client sends what has no answer to the next one.
    """
    piece = asyncio.ensure_future(receive())
    end = asyncio.ensure_future((ending or asyncio.Event()).wait())
    try:
        if not (ending and ending.is_set()):  # else an upload without pause would go on
            await asyncio.wait({piece, end}, timeout=PIECE_S, return_when=asyncio.FIRST_COMPLETED)
            if piece.done():
                return piece.result()
    finally:
        piece.cancel()
        end.cancel()
    raise _ends() if ending and ending.is_set() else _too_slow()


def answer_lines(service: Service, key: ApiKey, lines: Sequence[BulkLine]) -> list[dict[str, Any]]:
    """Decide and store the comments of some lines in one transaction; return the answers, in order."""
    with service.bulk_work:
        return _answered(service, key, lines)


def _answered(service: Service, key: ApiKey, lines: Sequence[BulkLine]) -> list[dict[str, Any]]:
    read = {line.number: _read(line, key) for line in lines}
    read |= _charged(service, key, {n: one for n, one in read.items() if isinstance(one, Comment)})
    comments = {number: one for number, one in read.items() if isinstance(one, Comment)}
    answers: dict[int, Any] = read | dict(
        zip(comments, _taken(service, list(comments.values())), strict=True)
    )
    return [_told(number, read[number], answer) for number, answer in answers.items()]


def _read(line: BulkLine, key: ApiKey) -> Comment | ModerationError:
    try:
        if line.body is None:
            raise RequestError(f"the line is longer than {LINE_BYTES:,} bytes", status=413)
        given = as_model(NewCommentIn, parse_json(line.body))
        return given.comment(site_for(key, given.site))
    except ModerationError as error:
        return error


def _charged(
    service: Service, key: ApiKey, comments: dict[int, Comment]
) -> dict[int, Comment | ModerationError]:
    """Take the comments from the quota: all of them, else as many as it has room for."""
    if not comments:
        return {}
    try:
        service.quotas.spend(key, len(comments))
    except (QuotaError, RequestError):
        return _charged_singly(service, key, comments)
    except ModerationError as error:  # the database: nobody knows what is left
        return dict.fromkeys(comments, error)
    return {}


def _charged_singly(
    service: Service, key: ApiKey, comments: dict[int, Comment]
) -> dict[int, Comment | ModerationError]:
    refused: ModerationError | None = None
    answers: dict[int, Comment | ModerationError] = {}
    for number, comment in comments.items():
        try:
            if refused is None:
                service.quotas.spend(key, 1)
        except ModerationError as error:
            refused = error
        answers[number] = refused or comment
    return answers


def _taken(service: Service, comments: Sequence[Comment]) -> Sequence[StoredDecision | ModerationError]:
    try:
        return service.moderator.take(comments) if comments else []
    except ModerationError as error:  # the database: none of them is stored
        return [error] * len(comments)


def _told(number: int, given: object, answer: StoredDecision | ModerationError) -> dict[str, Any]:
    if isinstance(answer, ModerationError):
        return _refused(number, answer)
    external_id = given.external_id if isinstance(given, Comment) else None
    return {"line": number, "external_id": external_id, "decision": stored_to_dict(answer)}


def _refused(number: int, error: ModerationError) -> dict[str, Any]:
    return {"line": number, "error": document(error)}


def _too_slow() -> RequestError:
    return RequestError(
        f"nothing came for {PIECE_S:.0f} seconds", hint="send what follows in another request", status=408
    )


def _ends() -> LaterError:
    return LaterError(
        "the service ends", hint="send this line and what follows again a little later", retry_after_s=2.0
    )


async def _send_lines(send: Send, answers: Sequence[dict[str, Any]]) -> None:
    body = "".join(json.dumps(one, allow_nan=False, separators=(",", ":")) + "\n" for one in answers)
    await _send(send, {"type": "http.response.body", "body": body.encode(), "more_body": True})


async def _send(send: Send, message: dict[str, Any]) -> None:
    await asyncio.wait_for(send(message), PIECE_S)
