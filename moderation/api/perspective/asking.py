"""How an endpoint asks for scores and decisions, and which languages it has to do with."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from moderation.api.access import service_of
from moderation.api.batching import Batcher
from moderation.api.guard import GONE
from moderation.errors import OverloadedError

PATIENCE: Final = "moderation.patience_s"
"""Where the scope of a batch's part says how long it may wait for a place in the line, in seconds."""

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


async def ask(batcher: Batcher[_Item, _Answer], item: _Item, request: Request) -> _Answer:
    """Ask for an answer; a part of a batch tries again for a while where the line is full, for its client can't.

    Raises:
        OverloadedError: more waits already than can be answered in time.
    """
    patience: float = request.scope.get(PATIENCE, 0.0)
    while True:
        try:
            return await batcher.ask(item, request.scope[GONE])
        except OverloadedError as error:
            if (patience := patience - error.retry_after_s) < 0:
                raise
            await asyncio.sleep(error.retry_after_s)


async def together(asked: list[Awaitable[Any]]) -> list[Any]:
    """Wait for all answers; where one fails, nobody works on the others any more."""
    tasks = [asyncio.ensure_future(one) for one in asked]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def detect(text: str, request: Request) -> str:
    """Tell the language of a text that is not scored: ISO 639-1 code, `und` if nobody can tell."""
    return await run_in_threadpool(service_of(request).pipeline.detect, text)


def base_of(language: str) -> str:
    """Return the language of a BCP-47 tag: `zh` of `zh-Hant`, `en` of `en_US`."""
    return language.strip().lower().replace("_", "-").partition("-")[0]
