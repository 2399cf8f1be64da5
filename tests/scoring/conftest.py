"""What tests of the scorers share: real models, big and tiny, and a place of their own for pulled ones."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from moderation.scoring import open_scorer
from moderation.settings import settings
from tests.support.checkpoint import write_checkpoint

CARD = {"name": "tiny", "languages": ["en"], "licence": "none", "base": "random"}


@pytest.fixture(autouse=True)
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where pulled models go: an empty folder of this test alone. No address leads out of the machine."""
    monkeypatch.setenv("MODERATION_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("MODERATION_MODELS_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("MODERATION_HUB_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    yield tmp_path / "models"
    settings.cache_clear()


@pytest.fixture
def detoxify() -> ModuleType:
    """The module of the torch engine."""
    return import_module("moderation.scoring.detoxify")


@pytest.fixture(scope="session")
def compact() -> Any:
    """The embedded model, on ONNX Runtime."""
    return open_scorer("compact")


@pytest.fixture(scope="session")
def compact_torch() -> Any:
    """The embedded model, in Detoxify itself."""
    return open_scorer("compact", engine="torch")


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT, packed as the embedded model is."""
    folder = tmp_path_factory.mktemp("tiny")
    write_checkpoint(folder / "source")
    import_module("tools.models.pack").pack(folder / "source", folder / "packed", CARD)
    return folder / "packed"
