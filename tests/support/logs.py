"""Loggers that a test may change."""

import logging

import pytest

from moderation.settings import settings


@pytest.fixture(autouse=True)
def untouched():
    """Leave the loggers and settings of other tests as they were."""
    top = logging.getLogger("moderation")
    handlers, level = list(top.handlers), top.level
    settings.cache_clear()
    yield
    settings.cache_clear()
    top.handlers[:] = handlers
    top.setLevel(level)
