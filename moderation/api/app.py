"""The whole service as one ASGI application."""

import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from multiprocessing import parent_process
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from moderation.api import coral, health, openai, own, perspective, watching
from moderation.api.dialects import dialect_of, speak
from moderation.api.guard import BODY_BYTES, REFUSED, Guard, path_of
from moderation.api.metrics import Metrics
from moderation.api.options import service_options
from moderation.api.reading import faults_of
from moderation.api.service import Service
from moderation.api.state import StateFigures
from moderation.errors import ModerationError, RequestError
from moderation.logs import write_logs
from moderation.terminal import error_console, render_error
from moderation.version import __version__

WORKER_FAILED: Final = 3
"""Exit code of a worker that can't start: uvicorn then starts no other in its place."""

speak("/v1/moderations", openai)
for _prefix in perspective.PREFIXES:
    speak(_prefix, perspective)

_BODY_BYTES: dict[str, int | None] = {
    "/batch": perspective.BATCH_BYTES,
    "/v1/comments/bulk": None,
}
"""Largest body of paths that take larger ones than others, in bytes; `None`: read piece by piece, with bounds of its own."""


def create_app() -> FastAPI:
    """Return the service that `moderation serve` described in the environment, open.

    Raises:
        ModerationError: the rules, the model or the database can't be used. A worker says so and ends instead.
    """
    write_logs()  # a worker is a process of its own
    options = service_options()
    try:
        service = Service.open(options.rules, options.database)
    except ModerationError as error:
        if not parent_process():
            raise
        render_error(error, error_console())
        sys.exit(WORKER_FAILED)
    app = app_of(lambda: service)
    gc.collect()
    gc.freeze()  # what is loaded by now stays: no collection is to go through it again
    return app


def app_of(open_service: Callable[[], Service]) -> FastAPI:
    """Return the application around a service, which is opened when the server starts and closed when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = app.state.service = await run_in_threadpool(open_service)
        app.state.metrics.watch(service.batchers)
        app.state.figures = StateFigures(service)
        try:
            yield
        finally:
            await run_in_threadpool(service.close)

    app = FastAPI(
        title="Comment moderation",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a client that posts a comment loses it in a redirect
    )
    app.state.metrics = Metrics()
    for part in (health, watching, perspective, openai, coral):
        app.router.routes.extend(part.routes())
    app.include_router(own.router)
    _answer_errors(app)
    app.add_middleware(Guard, limit=lambda path: _BODY_BYTES.get(path, BODY_BYTES))
    app.add_middleware(  # any page may ask: the key is what counts, and it is in no cookie
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["Retry-After", "X-Moderation-Model", "X-Moderation-Unscored", "X-Moderation-Version"],
        max_age=86_400,
    )
    paths = frozenset(getattr(route, "path", "") for route in (*app.routes, *own.router.routes)) - {""}
    app.add_middleware(watching.Watch, metrics=app.state.metrics, paths=paths)
    return app


def _answer_errors(app: FastAPI) -> None:
    async def by_dialect(request: Request, error: Exception) -> Response:
        ours = request.scope[REFUSED] = _as_ours(error, request.headers.get("content-type", ""))
        return dialect_of(path_of(request.scope)).refusal(ours)

    handler: Callable[[Request, Exception], Awaitable[Response]] = by_dialect
    for kind in (ModerationError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handler)


def _as_ours(error: Exception, kind: str) -> ModerationError | None:
    """Return what FastAPI and Starlette raise as one of our errors; `kind` is the request's Content-Type."""
    if isinstance(error, RequestValidationError):
        if any(fault["type"] == "json_invalid" for fault in error.errors()):
            return RequestError("the body is not JSON", hint="send JSON in UTF-8")
        faults = faults_of([fault | {"loc": fault["loc"][1:]} for fault in error.errors()])
        hint = (
            "" if kind.startswith("application/json") else "send the header `Content-Type: application/json`"
        )
        return RequestError("the request is of another form", hint=hint, status=422, faults=faults)
    if not isinstance(error, HTTPException):
        return error if isinstance(error, ModerationError) else None
    if error.status_code == 405:  # noqa: PLR2004 - Method Not Allowed
        allow = (error.headers or {}).get("Allow", "")
        return RequestError("this path takes another method", status=405, allow=allow.split(", "))
    if error.status_code == 404:  # noqa: PLR2004 - Not Found
        return RequestError("there is nothing at this address", status=404)
    return RequestError(error.detail, status=error.status_code)
