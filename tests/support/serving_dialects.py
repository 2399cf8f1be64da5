"""The service for its dialects' tests: in this process, or behind a real server on loopback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient

from moderation.api.app import app_of
from moderation.api.service import Service
from moderation.api_keys import ApiKeys
from moderation.domain import ATTRIBUTES, Scope
from moderation.moderator import Moderator
from moderation.rules import Ruleset
from moderation.store import Store
from tests.support.serving import serving


class TellingScorer:
    """Scores what a text says it scores: `toxicity=0.9 threat=0.5`; all else 0.01. Knows English; fails on `fail`."""

    model = "telling@000000000000"
    engine = "telling 1"
    languages = frozenset({"en"})

    def __init__(self, attributes=ATTRIBUTES[:6]) -> None:
        self.attributes = attributes
        self.scored: list[str] = []

    def score(self, texts, *, languages=None) -> list[dict[str, float]]:
        del languages
        self.scored += texts
        return [self._told(text) for text in texts]

    def _told(self, text: str) -> dict[str, float]:
        if "fail" in text:
            raise RuntimeError(text)
        told = dict.fromkeys(self.attributes, 0.01)
        pairs = (word.partition("=") for word in text.split() if "=" in word)
        return told | {name: float(score) for name, _, score in pairs if name in told}

    def close(self) -> None:
        pass


def rules_of(**sections: Any) -> Ruleset:
    """Return rules with these sections, in a site that writes English."""
    import json

    return Ruleset.parse(json.dumps({"version": 1, "language": {"expected": ["en"]}} | sections))


def opening(url: str, rules: Ruleset | None = None, scorer: Any = None) -> Callable[[], Service]:
    """Return what opens a service on a database; by the real model, if no scorer is given."""

    def open_it() -> Service:
        return Service(Moderator.open(rules, database=url, scorer=scorer, follow=False), Store.open(url))

    return open_it


def key_of(service: Service, *scopes: Scope, **options: Any) -> str:
    """Make a key."""
    secret: str = ApiKeys(service.store).add(f"site-{uuid4().hex}", scopes, by="a test", **options).secret
    return secret


def service_behind(client: TestClient) -> Service:
    """Return what answers a client in this process."""
    service: Service = vars(client.app)["state"].service
    return service


@contextmanager
def in_process(open_it: Callable[[], Service]) -> Iterator[TestClient]:
    """Run the service without a server; `client.app.state.service` is what answers."""
    with TestClient(app_of(open_it), raise_server_exceptions=False) as client:
        yield client


@contextmanager
def on_loopback(open_it: Callable[[], Service]) -> Iterator[tuple[str, Service]]:
    """Run the service on a port of its own, as `moderation serve` does; yields its address and what answers."""
    app = app_of(open_it)
    with serving(app) as server:
        yield f"http://127.0.0.1:{server.port}", app.state.service
