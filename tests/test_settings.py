"""What the environment may set."""

import re
from pathlib import Path

import pytest

from moderation.errors import SettingsError
from moderation.settings import Settings, settings


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


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_read_by_something(name):
    """One that nothing reads would promise what nothing keeps."""
    root = Path(__file__).parents[1]
    texts = [
        path.read_text("utf-8")
        for part in ("moderation", "dashboard")
        for path in (root / part).rglob("*.py")
    ]
    assert any(re.search(rf"(settings\(\)|\bsaid)\.{name}\b", text) for text in texts)


def test_every_variable_is_documented_and_no_other():
    text = (Path(__file__).parents[1] / "docs/operations.md").read_text("utf-8")
    table = text.partition("## Settings")[2]
    named = set(re.findall(r"`MODERATION_(\w+)`", table))
    assert named == {name.upper() for name in Settings.model_fields}
