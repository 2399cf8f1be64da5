"""The service in a test's own process: with a scorer that answers at once, and keys of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from moderation.api.app import app_of
from moderation.api.service import Service
from moderation.api_keys import ApiKeys
from moderation.domain import Scope
from moderation.moderator import Moderator
from moderation.store import Store
from tests.support import scorers


def open_service(url: str) -> Service:
    """Open the service on a database, with a scorer that finds nothing toxic."""
    moderator = Moderator.open(database=url, scorer=scorers.calm(), follow=False)
    return Service(moderator, Store.open(url))


def key_of(url: str, *scopes: Scope, name: str = "blog", **options: Any) -> str:
    """Make a key; for all if no scope is given."""
    with Store.open(url) as store:
        secret: str = ApiKeys(store).add(name, scopes or tuple(Scope), by="a test", **options).secret
    return secret


@dataclass
class Served:
    """A service that runs in this process."""

    url: str
    app: Any
    client: TestClient

    def key(self, *scopes: Scope, **options: Any) -> dict[str, str]:
        """Make a key, and return the headers that carry it."""
        return {"Authorization": f"Bearer {key_of(self.url, *scopes, **options)}"}

    @property
    def service(self) -> Service:
        """What answers."""
        service: Service = self.app.state.service
        return service

    @property
    def store(self) -> Store:
        """Its database."""
        return self.service.store


@contextmanager
def served(url: str) -> Iterator[Served]:
    """Run the service on a database."""
    app: ASGIApp = app_of(lambda: open_service(url))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Served(url, app, client)
