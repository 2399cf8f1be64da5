"""Bounds a request before anybody works on it, and answers for whatever breaks behind it.

Everything behind the guard has the whole body at hand, knows when the client hangs up, and may raise.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moderation.api.batching import Gone
from moderation.api.dialects import dialect_of
from moderation.errors import ModerationError, OverloadedError, RequestError
from moderation.logs import Fields, room_logger

log = room_logger(__name__)

BODY_BYTES = 1_000_000
"""Largest body, in bytes, where a path has no other bound."""

BODY_S = 20.0
"""How long a client may take to send a body, in seconds."""

AT_ONCE = 512
"""Requests that are read or answered at a time; one more is refused before anything of it is read."""

HELD_BYTES = 256_000_000
"""Bodies that are read or answered at a time, all together, in bytes; with more, whoever sends is told to wait."""

GONE: Final = "moderation.gone"
"""Where a request's scope keeps its `Gone`."""

REFUSED: Final = "moderation.refused"
"""Where it keeps why it was refused: an error of ours, or `None` for a fault; absent if it was not."""


class Guard:
    """Refuses too much, too slow and too many; turns every error into an answer in the client's dialect.

    Args:
        app: what answers.
        limit: largest body of a path, in bytes; `None`: the path reads its body itself, piece by piece.
    """

    def __init__(self, app: ASGIApp, limit: Callable[[str], int | None] = lambda _: BODY_BYTES) -> None:
        self._app = app
        self._limit = limit
        self._busy = 0
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        self._busy += 1
        try:
            await self._bounded(scope, receive, answer)
        except ModerationError as error:
            await _refuse(error, scope, receive, answer)
        except asyncio.CancelledError:
            if not scope[GONE].happened:
                raise  # the server ends
        except Exception as error:  # noqa: BLE001 - whatever breaks, the client gets an answer it can read
            log_failure(scope, error)
            await _refuse(None, scope, receive, answer)
        finally:
            self._busy -= 1

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = scope[GONE] = Gone()
        if self._busy > AT_ONCE:
            raise OverloadedError("too many requests at a time", retry_after_s=1.0)
        limit = self._limit(path_of(scope))
        if limit is None:
            await self._app(scope, receive, send)
            return
        held = 0

        def hold(size: int) -> None:
            nonlocal held
            held += size
            self._held += size
            if self._held > HELD_BYTES:
                raise OverloadedError("too much is sent at a time", retry_after_s=2.0)

        try:
            body = await _read(scope, receive, limit, hold)
            watcher = asyncio.create_task(_watch(receive, gone))
            try:
                await self._app(scope, _replay(body, receive), send)
            finally:
                watcher.cancel()
        finally:
            self._held -= held


class _Answer:
    """Passes an answer on, and remembers whether it has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        self.begun = True
        await self._send(message)


def path_of(scope: Scope) -> str:
    """Return the path of a request, without the sub-path under which a proxy shows the service."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def route_of(scope: Scope, known: Collection[str] = ()) -> str:
    """Return the path as the route has it, for logs and metrics: nobody can put anything else there.

    Args:
        scope: of the request.
        known: paths that there are, for a request that was answered before it came to its route.
    """
    path: str = getattr(scope.get("route"), "path", "")
    if not path and (asked := path_of(scope)) in known:
        path = asked
    return path or "(no such path)"


def log_failure(scope: Scope, error: BaseException) -> None:
    """Log what broke, and where: never the message or a traceback, which may quote the comment."""
    log.error(
        "a request to %s failed: %s at %s",
        route_of(scope),
        type(error).__name__,
        _place(error),
        extra=Fields(error=type(error).__name__),
    )


async def _read(scope: Scope, receive: Receive, limit: int, hold: Callable[[int], None]) -> bytes:
    """Read a body, and tell of each piece how large it is.

    Raises:
        RequestError: it is too large, or takes too long.
        OverloadedError: with those of others, it is more than the service holds.
    """
    said = dict(scope["headers"]).get(b"content-length", b"0")
    if not said.isdigit() or int(said) > limit:
        raise too_large(limit)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    scope[GONE].happened = True
                    raise asyncio.CancelledError
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                hold(len(parts[-1]))
                if size > limit:
                    raise too_large(limit)
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        raise RequestError(
            f"the body took longer than {BODY_S:.0f} seconds to arrive", status=400, closes=True
        ) from None


def too_large(limit: int) -> RequestError:
    """Return what a body over a limit, in bytes, is refused with."""
    return RequestError(
        f"the body is larger than {limit:,} bytes",
        hint="send less at a time",
        status=413,
        closes=True,
    )


async def _watch(receive: Receive, gone: Gone) -> None:
    """Wait until the client hangs up; the server says so too once the answer is sent, when nobody asks any more."""
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.happened = True


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(error: ModerationError | None, scope: Scope, receive: Receive, send: _Answer) -> None:
    if send.begun:
        # the connection is closed: half an answer is none
        raise RuntimeError("an answer broke off") from error
    scope[REFUSED] = error
    response = dialect_of(path_of(scope)).refusal(error)
    if isinstance(error, RequestError) and error.closes:
        response.headers["connection"] = "close"
    await response(scope, receive, send)


def _place(error: BaseException) -> str:
    """Name the line of ours where an error came from: never its message, which may quote a comment."""
    frames = []
    trace = error.__traceback__
    while trace:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    ours = [frame for frame in frames if frame.startswith("moderation.")]
    return (ours or frames or ["?"])[-1]
