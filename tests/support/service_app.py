"""The service in a test's own process: with a scorer that answers at once, and keys of the test's own."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from moderation.api.app import app_of
from moderation.api.service import Service
from moderation.api_keys import ApiKeys
from moderation.domain import Scope
from moderation.moderator import Moderator
from moderation.store import Store, StoredComment
from moderation.store.comments.finding import by_number
from tests.support import scorers
from tests.support.serving import serving

Fault: TypeAlias = Callable[[ASGIApp, AsgiScope, Receive, Send], Awaitable[None]]
"""What happens to a request instead of, or besides, what should."""


def open_service(url: str) -> Service:
    """Open the service on a database, with a scorer that finds nothing toxic."""
    moderator = Moderator.open(database=url, scorer=scorers.calm(), follow=False)
    return Service(moderator, Store.open(url))


def stored_in(store: Store, number: int) -> StoredComment:
    """Return the stored comment of a number."""
    with store.reading() as session:
        found = by_number(number, session=session)
    assert found
    return found


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


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a port of this machine, from a thread; return its address."""
    with serving(app) as server:
        yield f"http://127.0.0.1:{server.port}"


class Faulty:
    """Passes requests on to an application, the next ones with faults.

    Args:
        app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.faults: list[Fault] = []
        self.requests: list[str] = []

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.requests.append(scope["path"])
        fault = self.faults.pop(0) if self.faults else None
        await (fault(self.app, scope, receive, send) if fault else self.app(scope, receive, send))


def refuses(status: int, **headers: str) -> Fault:
    """Answer a status, and do nothing."""

    async def fault(app: ASGIApp, scope: AsgiScope, receive: Receive, send: Send) -> None:
        await Response(status_code=status, headers=headers)(scope, receive, send)

    return fault


def loses_the_answer() -> Fault:
    """Do what is asked, and break off before the answer."""
    return breaks_off_after(0)


def breaks_off_after(pieces: int) -> Fault:
    """Do what is asked, and break off after so many pieces of the answer's body."""

    async def fault(app: ASGIApp, scope: AsgiScope, receive: Receive, send: Send) -> None:
        left = pieces
        begun = False

        async def cut(message: Message) -> None:
            nonlocal left, begun
            if message["type"] == "http.response.start":
                message["headers"] = [one for one in message["headers"] if one[0] != b"content-length"]
            elif message.get("body"):
                left -= 1
            if left >= 0:
                begun = True
                await send(message)

        await app(scope, receive, cut)
        assert begun
        raise ConnectionAbortedError  # the server then closes the connection

    return fault
