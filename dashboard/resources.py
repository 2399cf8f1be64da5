"""What the whole server shares, opened on first use: the store, the desk, its users, the moderator.

Plain caches rather than Streamlit's: the routes of the server, which are no scripts, need the same ones.
"""

from collections.abc import Callable
from functools import cache, wraps
from threading import RLock
from typing import TypeVar

from moderation.api_keys import ApiKeys
from moderation.desk import Desk, Identities, Users
from moderation.moderator import Moderator
from moderation.rollout import open_rules
from moderation.rollout.defaults import given_rules
from moderation.rules import Ruleset
from moderation.settings import settings
from moderation.store import Store
from moderation.store.opening import open_store

_LOCK = RLock()
T = TypeVar("T")


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """Make it once, however many threads ask for it first."""
    cached = cache(make)

    @wraps(make)
    def get() -> T:
        with _LOCK:
            return cached()

    return get


@_once
def store() -> Store:
    """Return the open database."""
    return open_store(create=True)


@_once
def desk() -> Desk:
    """Return the use cases after posting."""
    return Desk(store(), second_review=settings().second_review)


@_once
def users() -> Users:
    """Return who may log in."""
    return Users(store())


@_once
def identities() -> Identities:
    """Return who users are at a provider of OpenID Connect."""
    return Identities(store())


@_once
def api_keys() -> ApiKeys:
    """Return who may use the HTTP service."""
    return ApiKeys(store())


@_once
def moderator() -> Moderator:
    """Return what decides comments by the rules that are live, and stores nothing."""
    return Moderator(open_rules(given_rules(None), store=store()))


def ruleset() -> Ruleset:
    """Return the rules that are live."""
    return moderator().pipeline.ruleset
