"""A real server with faults, and clients of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from moderation.api.app import app_of
from moderation.client import Client, Retries
from moderation.store import Store, iterate
from tests.support.service_app import Faulty, key_of, listening, open_service

QUICK = Retries(total_s=20, first_s=0.001, longest_s=0.01)


@dataclass
class Running:
    """A server, its database, and what goes wrong between it and its clients."""

    address: str
    faulty: Faulty
    key: str
    store: Store
    client: Client

    @property
    def comments(self) -> list[str]:
        """External ids of the comments that are stored, in their order."""
        return [str(one.comment.external_id) for one in iterate(self.store)]


@pytest.fixture
def running(sqlite_url: str) -> Iterator[Running]:
    """The service on a port of this machine."""
    faulty = Faulty(app_of(lambda: open_service(sqlite_url)))
    key = key_of(sqlite_url)
    with (
        listening(faulty) as address,
        Store.open(sqlite_url) as store,
        Client(address, key, retries=QUICK) as client,
    ):
        yield Running(address, faulty, key, store, client)
