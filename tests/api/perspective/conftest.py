"""A service in Perspective's dialect, and its clients."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from moderation.api.app import app_of
from moderation.api.service import Service
from moderation.api_keys import ApiKeys
from moderation.domain import Scope
from moderation.moderator import Moderator
from moderation.store import Store
from moderation.store.labels import labels

ANALYZE = "/v1alpha1/comments:analyze"
SUGGEST = "/v1alpha1/comments:suggestscore"


class Client:
    """Asks a service in this process."""

    def __init__(self, http: TestClient, service: Service) -> None:
        self.http = http
        self.service = service
        self.key = self.new_key("all", *Scope)

    def new_key(self, name, *scopes, sites=(), quota=None):
        return (
            ApiKeys(self.service.store).add(name, list(scopes), sites=sites, quota=quota, by="tests").secret
        )

    def post(self, body, path=ANALYZE, *, key=None, **more):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.http.post(path, params={"key": key or self.key}, content=content, **more)

    def analyze(self, text, *attributes, **more):
        """Return the answer of a request that is well."""
        asked: dict[str, object] = {name: {} for name in attributes or ("TOXICITY",)}
        answer = self.post({"comment": {"text": text}, "requestedAttributes": asked} | more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def labels(self):
        with self.service.store.reading() as session:
            return list(labels(session=session))


@pytest.fixture(scope="session")
def real_moderator() -> Iterator[Moderator]:
    """The package's own rules and model, loaded once."""
    moderator = Moderator.open()
    close = moderator.close
    yield moderator
    close()


@contextmanager
def serving(moderator: Moderator, store: Store) -> Iterator[Client]:
    """Serve by a moderator, which stays open for the next test."""
    service = Service(moderator, store)
    moderator.close = lambda: None  # type: ignore[method-assign]
    app = app_of(lambda: service)
    with TestClient(app, raise_server_exceptions=False) as http:
        yield Client(http, service)


@pytest.fixture
def client(real_moderator: Moderator, sqlite_url: str) -> Iterator[Client]:
    """A service with the real model, and an empty database of its own."""
    with serving(real_moderator, Store.open(sqlite_url)) as made:
        yield made
