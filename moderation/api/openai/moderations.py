"""`POST /v1/moderations`: one text or many, each with OpenAI's categories."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse

from moderation.api.access import model_headers, require_key, service_of, spend_quota
from moderation.api.batching import BATCH, Gone
from moderation.api.guard import GONE
from moderation.api.openai.categories import moderation_result, unscored
from moderation.api.reading import parse_json, whole_letters
from moderation.api.routing import ServiceRoute
from moderation.api.service import Scoring, Service
from moderation.domain import Outcome, Scope
from moderation.errors import RequestError, RequestFault
from moderation.pipeline import Scored
from moderation.text import is_blank

PATH = "/v1/moderations"

MOST_TEXTS = 1_000
"""Texts, or parts of one, in a request."""

MOST_LETTERS = 50_000
"""Longest text, in code points: scoring it takes seconds, in which no other long text is scored."""

_AT_ONCE = 2 * BATCH
"""Texts of one request that wait or are scored at a time: one batch runs, the next is ready."""


def routes() -> list[ServiceRoute]:
    """Return the one path."""
    return [ServiceRoute(PATH, _moderations, methods=["POST"])]


async def _moderations(request: Request) -> JSONResponse:
    key = await require_key(request, Scope.ANALYZE, comments=0)
    service = service_of(request)
    texts = _texts(parse_json(whole_letters(await request.body())))
    if not service.pipeline.scorer:
        raise RequestError(
            "the rules of this service have switched scores off", hint="`toxicity` in rules.yaml"
        )
    await spend_quota(request, key, len(texts))
    scored = await _scored(service, texts, request.scope[GONE])
    pipeline = service.pipeline
    return JSONResponse(
        {
            "id": f"modr-{uuid4().hex}",
            "model": pipeline.provenance.model,
            "results": [moderation_result(one, pipeline.ruleset) if one else unscored() for one in scored],
        },
        headers=model_headers(request) | _unscored_header(scored),
    )


async def _scored(service: Service, texts: Sequence[str], gone: Gone) -> list[Scored | None]:
    """Score texts, several at a time; `None` where nothing visible was written.

    Raises:
        OverloadedError: one of them found too long a line; what others wait for is given up.
    """
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(text: str) -> Scored | None:
        if is_blank(text):
            return None
        async with room:
            return await service.scores.ask(Scoring(text), gone)

    tasks = [asyncio.create_task(one(text)) for text in texts]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def _unscored_header(scored: Sequence[Scored | None]) -> dict[str, str]:
    """Say how many texts have no scores, and why: `not_covered=2, failed=1`; nothing if all have."""
    why = Counter(one.result.outcome.value for one in scored if one and one.result.outcome is not Outcome.OK)
    return (
        {"X-Moderation-Unscored": ", ".join(f"{name}={count}" for name, count in why.items())} if why else {}
    )


def _texts(body: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """Return the texts of a request: as many as it gets results.

    Raises:
        RequestError: it is of another form.
    """
    if not isinstance(body, dict):
        raise _wrong("the body is an object with `input`, and with `model` if you like")
    if not isinstance(body.get("model"), str | None):
        raise _wrong("`model` is the name of a model", "#/model")
    texts = _inputs(body.get("input"))
    if any(len(text) > MOST_LETTERS for text in texts):
        raise _wrong(f"a text has at most {MOST_LETTERS:,} letters: cut it, and send the pieces as a list")
    return texts


def _inputs(given: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    if isinstance(given, str):
        return [given]
    if not isinstance(given, list) or not given:
        raise _wrong("it is a text, a list of texts, or a list of parts of one text")
    if len(given) > MOST_TEXTS:
        raise _wrong(f"it has {len(given):,} entries, and {MOST_TEXTS:,} are taken at a time")
    texts = [one for one in given if isinstance(one, str)]
    return texts if len(texts) == len(given) else ["\n".join(_part(one) for one in given)]


def _part(part: Any) -> str:  # noqa: ANN401 - any JSON value
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "text" and isinstance(part.get("text"), str):
        return str(part["text"])
    if kind == "image_url":
        raise _wrong("images are not looked at here: leave them out, and have them checked elsewhere")
    raise _wrong('a part is `{"type": "text", "text": "…"}`; texts and parts are not mixed')


def _wrong(detail: str, pointer: str = "#/input") -> RequestError:
    return RequestError("the request is of another form", faults=[RequestFault(pointer, detail)])
