"""Who asks: the key of a request, what it opens, and what is left of its quota."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from moderation.api.service import Service
from moderation.api_keys import ApiKey
from moderation.domain import Scope
from moderation.errors import MissingApiKeyError

_LONGEST_KEY = 200


def service_of(request: Request) -> Service:
    """Return the service that answers."""
    service: Service = request.app.state.service
    return service


async def require_key(request: Request, scope: Scope, *, comments: int = 1) -> ApiKey:
    """Return the key of a request, if it may do this and has so much left of its quota.

    Args:
        request: what was asked.
        scope: what the key must open.
        comments: how many comments the request is about.

    Raises:
        ApiKeyError: there is no key with the request, or it is not in force.
        ScopeError: it does not open this.
        QuotaError: its quota of this minute is used up.
    """
    service = service_of(request)
    text = key_text(request)
    if not text:
        raise MissingApiKeyError(
            "there is no key with the request", hint="send it as `Authorization: Bearer KEY`"
        )
    key = await run_in_threadpool(_admit, service, text[:_LONGEST_KEY], scope, comments)
    request.state.key = key
    return key


def _admit(service: Service, text: str, scope: Scope, comments: int) -> ApiKey:
    key = service.keys.find(text)
    key.require(scope)
    if comments:
        service.quotas.spend(key, comments)
    return key


def key_text(request: Request) -> str:
    """Return the key as it came: by `Authorization`, Google's header, ours, or in the address; empty if it didn't."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    bearer = given.strip() if kind.lower() == "bearer" else ""
    headers = request.headers
    return (
        bearer
        or headers.get("x-goog-api-key", "")
        or headers.get("x-api-key", "")
        or request.query_params.get("key", "")
    )
