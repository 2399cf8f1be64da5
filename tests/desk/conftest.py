"""A desk with a clock that tests can set."""

import pytest

from moderation.desk import Desk
from tests.desk.support import Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(store, clock):
    return Desk(store, clock=clock, second_review=0)
