"""Who asks: the key of a request, what it opens, and what is left of its quota."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from moderation.api.service import Service
from moderation.api_keys import ApiKey
from moderation.domain import Scope
from moderation.errors import MissingApiKeyError
from moderation.version import __version__

_LONGEST_KEY = 200


def service_of(request: Request) -> Service:
    """Return the service that answers."""
    service: Service = request.app.state.service
    return service


def model_headers(request: Request) -> dict[str, str]:
    """Return which model and which version answered: its name may have any letters, and a header may not."""
    scorer = service_of(request).pipeline.scorer
    model = {"X-Moderation-Model": quote(scorer.model, safe="@/ ")} if scorer else {}
    return model | {"X-Moderation-Version": __version__}


async def require_key(request: Request, scope: Scope, *, comments: int = 1) -> ApiKey:
    """Return the key of a request, if it may do this and has so much left of its quota.

    Args:
        request: what was asked.
        scope: what the key must open.
        comments: how many comments the request is about; 0 if it spends them itself, or costs nothing.

    Raises:
        ApiKeyError: there is no key with the request, or it is not in force.
        ScopeError: it does not open this.
        QuotaError: its quota of this minute is used up.
    """
    text = key_text(request)
    if not text:
        raise MissingApiKeyError(
            "there is no key with the request", hint="send it as `Authorization: Bearer KEY`"
        )
    service, text = service_of(request), text[:_LONGEST_KEY]
    # what may ask the database does so in a thread; all else is not worth the way there and back
    key = service.keys.remembered(text)
    if key is None:
        key = await run_in_threadpool(service.keys.find, text)
    request.state.key = key  # also of what is refused below: the log tells whose it was
    key.require(scope)
    await spend_quota(request, key, comments)
    return key


async def spend_quota(request: Request, key: ApiKey, comments: int) -> None:
    """Take comments from a key's quota.

    Raises:
        QuotaError: there are not as many left in this minute.
        RequestError: there never are so many in a minute.
    """
    if comments and key.quota is not None:
        await run_in_threadpool(service_of(request).quotas.spend, key, comments)


def key_text(request: Request) -> str:
    """Return the key as it came: by `Authorization`, Google's header, ours, or in the address; empty if it didn't."""
    headers = request.headers
    kind, _, given = headers.get("authorization", "").partition(" ")
    places = (
        given if kind.lower() == "bearer" else "",
        headers.get("x-goog-api-key", ""),
        headers.get("x-api-key", ""),
        request.query_params.get("key", ""),
    )
    # a key that was pasted often has a blank at its end
    return next(filter(None, map(str.strip, places)), "")
