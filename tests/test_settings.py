"""What the environment may set."""

import pytest

from moderation.errors import SettingsError
from moderation.settings import settings


@pytest.fixture(autouse=True)
def read_again():
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_variable_is_read(monkeypatch):
    monkeypatch.setenv("MODERATION_THREADS", "3")
    assert settings().threads == 3


def test_a_variable_that_cannot_be_used_is_named(monkeypatch):
    monkeypatch.setenv("MODERATION_BUSY_TIMEOUT_S", "soon")
    with pytest.raises(SettingsError, match="MODERATION_BUSY_TIMEOUT_S"):
        settings()
