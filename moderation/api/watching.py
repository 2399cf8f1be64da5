"""What the service tells of itself: `/metrics`, and its access log. Neither holds a text, a name, a key or an address."""

from collections.abc import Collection
from time import perf_counter
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moderation.api.access import require_key
from moderation.api.guard import REFUSED, route_of
from moderation.api.metrics import Metrics
from moderation.api.routing import ServiceRoute
from moderation.api.state import StateFigures
from moderation.domain import Scope as KeyScope
from moderation.logs import Fields, room_logger
from moderation.settings import settings

log = room_logger(__name__)

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Watch:
    """Measures each request and writes a line of the access log, at level INFO by the logger `moderation.api`.

    Args:
        app: what answers.
        metrics: where it is counted.
        paths: all that there are: what is refused before it comes to its route has a name, too.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, paths: Collection[str] = ()) -> None:
        self._app = app
        self._metrics = metrics
        self._paths = paths
        self._log_addresses = settings().log_addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, size = perf_counter(), 0, 0

        async def read() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            return message

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, read, noted)
        finally:
            self._note(scope, status, size, perf_counter() - began)

    def _note(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        route = route_of(scope, self._paths)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(route, method, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        if REFUSED in scope:
            self._metrics.refused(scope[REFUSED])
        ms = round(seconds * 1000, 1)
        fields = Fields(method=method, route=route, status=status, ms=ms, bytes=size)
        if key := scope.get("state", {}).get("key"):
            fields["key"] = key.public_id
        if self._log_addresses and scope.get("client"):
            fields["address"] = scope["client"][0]
        log.info("%s %s: %s, after %.1f ms", method, route, status or "not answered", ms, extra=fields)


def routes() -> list[ServiceRoute]:
    """Return `/metrics`. A key with the scope `admin` opens it."""
    return [ServiceRoute("/metrics", _metrics)]


async def _metrics(request: Request) -> Response:
    await require_key(request, KeyScope.ADMIN, comments=0)
    metrics: Metrics = request.app.state.metrics
    figures: StateFigures = request.app.state.figures
    text = await run_in_threadpool(metrics.exposition, figures)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
