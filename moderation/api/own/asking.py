"""Who asks, and about which site: what every path of our own `/v1` begins with."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from moderation.api.access import require_key
from moderation.api_keys import ApiKey
from moderation.domain import Scope

_DEFAULT = "default"


def key_for(scope: Scope, *, comments: int = 0) -> Callable[[Request], Awaitable[ApiKey]]:
    """Return a dependency: the key of a request, if it opens a scope.

    Args:
        scope: what it must open.
        comments: what it costs of the quota; 0 if the path charges for itself.
    """

    async def key(request: Request) -> ApiKey:
        return await require_key(request, scope, comments=comments)

    return key


def site_for(key: ApiKey, site: str | None) -> str:
    """Return the site that is meant: the one that was named, else the key's only one.

    Raises:
        ScopeError: the key is for other sites.
    """
    meant: str = site or key.only_site or _DEFAULT
    key.require_site(meant)
    return meant


def may(key: ApiKey, site: str) -> bool:
    """Tell whether a key is for a site."""
    return not key.sites or site in key.sites
