"""Keys on each kind of database, with a clock that tests can set."""

import pytest

from moderation.api_keys import ApiKeys, Scope
from tests.desk.support import Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(store, clock):
    return ApiKeys(store, clock=clock)


@pytest.fixture
def made(keys):
    """A key that may do two things on one site."""
    return keys.add("news", [Scope.ANALYZE, Scope.SUBMIT], sites=["news"], quota=600, by="eve")
