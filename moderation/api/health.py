"""`/healthz`: the process is alive. `/readyz`: it can decide and store comments. Neither asks for a key."""

from collections.abc import Callable

from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from moderation.api.access import service_of
from moderation.api.routing import ServiceRoute
from moderation.api.service import Service
from moderation.errors import ModerationError


def routes() -> list[ServiceRoute]:
    """Return both paths; GET answers HEAD as well."""
    return [ServiceRoute("/healthz", _alive), ServiceRoute("/readyz", _ready)]


async def _alive(request: Request) -> JSONResponse:
    del request
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> JSONResponse:
    found = {name: await run_in_threadpool(_tried, ask, service_of(request)) for name, ask in _PARTS.items()}
    well = not any(found.values())
    return JSONResponse(
        {
            "status": "ok" if well else "not ready",
            "parts": {name: error or "ok" for name, error in found.items()},
        },
        status_code=200 if well else 503,
        headers={} if well else {"Retry-After": "2"},
    )


def _tried(ask: Callable[[Service], None], service: Service) -> str:
    """Return the code of what is wrong with a part, empty if nothing is. Details are for the log."""
    try:
        ask(service)
    except ModerationError as error:
        return error.code
    return ""


def _database(service: Service) -> None:
    with service.store.reading() as session:
        session.connection().execute(text("SELECT 1"))


def _rules(service: Service) -> None:
    if problem := service.moderator.rules_problem:
        raise problem


def _model(service: Service) -> None:
    service.moderator.score_many(["ready"], ["en"])


_PARTS: dict[str, Callable[[Service], None]] = {"database": _database, "rules": _rules, "model": _model}
