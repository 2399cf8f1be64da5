"""A service for each test, on a database of its own."""

from collections.abc import Iterator

import pytest

from tests.support.service_app import Served, served


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Served]:
    """The service, on SQLite."""
    with served(sqlite_url) as running:
        yield running
