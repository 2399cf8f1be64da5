"""What the whole server shares, opened on first use: the store, the desk, its users, the moderator, the secret.

Plain caches rather than Streamlit's: the routes of the server, which are no scripts, need the same ones.
"""

from collections.abc import Callable
from functools import cache
from threading import RLock
from typing import TypeVar

from dashboard.secret import load_secret
from moderation.desk import Desk, Users
from moderation.moderator import Moderator
from moderation.rules import Ruleset
from moderation.settings import settings
from moderation.store import Store

_LOCK = RLock()
T = TypeVar("T")


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """Make it once, however many threads ask for it first."""
    cached = cache(make)

    def get() -> T:
        with _LOCK:
            return cached()

    return get


@_once
def secret() -> str:
    """Return what cookies are signed with."""
    return load_secret(settings().database)


@_once
def store() -> Store:
    """Return the open database."""
    return Store.open(settings().database, busy_timeout_s=settings().busy_timeout_s)


@_once
def desk() -> Desk:
    """Return the use cases after posting."""
    return Desk(store())


@_once
def users() -> Users:
    """Return who may log in."""
    return Users(store())


@_once
def moderator() -> Moderator:
    """Return what decides comments, with its model; for trying rules out, so it has no database."""
    return Moderator.open(ruleset())


def ruleset() -> Ruleset:
    """Return the ruleset that the environment names, else the folder's, else the shipped one."""
    path = settings().rules
    named = "rules" in settings().model_fields_set
    return Ruleset.load(path) if named or path.exists() else Ruleset.default()
