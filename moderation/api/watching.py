"""What the service measures, and its access log. Neither holds a text, a name, a key or a query string."""

from time import perf_counter

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moderation.api.access import require_key
from moderation.api.guard import route_of
from moderation.api.routing import ServiceRoute
from moderation.domain import Scope as KeyScope
from moderation.logs import Fields, room_logger

log = room_logger(__name__)

_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class Metrics:
    """What is counted, in a registry of its own: two services in one process don't mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "moderation_requests_total",
            "Requests, by route, method and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "moderation_request_seconds",
            "How long a request took, from its head to the end of its answer.",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )


class Watch:
    """Measures each request and writes a line of the access log, at level INFO by the logger `moderation.api`."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._note(scope, status, perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = route_of(scope), scope["method"]
        if method not in _METHODS:
            method = "other"
        self._metrics.requests.labels(route, method, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        log.info(
            "%s %s %s, after %.1f ms",
            method,
            route,
            status or "not answered",
            seconds * 1000,
            extra=Fields(ms=seconds * 1000),
        )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def routes() -> list[ServiceRoute]:
    """Return `/metrics`. Any key opens it."""
    return [ServiceRoute("/metrics", _metrics)]


async def _metrics(request: Request) -> Response:
    await require_key(request, KeyScope.ADMIN, comments=0)
    metrics: Metrics = request.app.state.metrics
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
