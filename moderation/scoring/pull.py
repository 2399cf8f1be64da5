"""Gets one of Detoxify's models: the only place that asks the network, and only when a person asks for it.

The release is a pickle. Its hash is checked before it is opened, it is read once, with torch's
`weights_only`, which runs nothing, and what is kept is safetensors.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moderation.errors import DownloadError, ModelCorruptError
from moderation.scoring.catalogue import KnownModel
from moderation.scoring.checkpoint import window_of
from moderation.scoring.download import Progress, download
from moderation.scoring.folder import (
    CONFIG,
    TOKENIZER,
    Manifest,
    ModelFolder,
    checksums,
    sha256_of,
    write_manifest,
)
from moderation.scoring.installed import folder_of, known_model, verify
from moderation.settings import settings

WEIGHTS = "model.safetensors"

_PREFIX = 8  # hex digits of the SHA-256 in a release's file name
_FROM_THE_HUB = (CONFIG, TOKENIZER, "tokenizer_config.json")
_PATIENCE_S = 24 * 3600.0  # as long as another process may take to pull the same model


def pull(name: str, *, progress: Progress | None = None) -> Path:
    """Download a model, check it, and install it; returns its folder.

    A model that is there and whole is left as it is. The model appears as a whole or not at all. If two
    processes pull the same model, the second waits for the first.

    Args:
        name: a name of the catalogue.
        progress: called while bytes arrive.

    Raises:
        UnknownModelError: there is no model of this name.
        MissingExtraError: torch, which reads the release, is not installed.
        DownloadError: a file can't be downloaded or written; what arrived is kept.
        ModelCorruptError: what arrived is not what was released.
    """
    model = known_model(name)
    folder = folder_of(name)
    if not verify(name):
        return folder
    if not model.release:
        raise ModelCorruptError(f"the embedded model `{name}` is damaged", hint="reinstall the package")
    from moderation.scoring import detoxify  # noqa: F401, PLC0415 - say that torch is missing before the download

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _only_one(folder):
            if verify(name):
                _install(model, folder, progress)
    except (OSError, sqlite3.Error) as error:
        raise DownloadError(
            f"the model can't be kept in `{folder.parent}` ({error})",
            hint="free space or set MODERATION_MODELS_DIR, then pull again: it goes on from there",
        ) from None
    return folder


def _install(model: KnownModel, folder: Path, progress: Progress | None) -> None:
    """Download into one hidden folder, build in another, and rename that one."""
    arriving, building = _beside(folder, "download"), _beside(folder, "new")
    arriving.mkdir(exist_ok=True)
    release = arriving / model.release.rpartition("/")[2]
    if not release.is_file():
        download(f"{settings().models_url.rstrip('/')}/{model.release}", release, progress)
    _check_release(release)
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    for name in _FROM_THE_HUB:
        download(
            f"{settings().hub_url.rstrip('/')}/{model.base}/resolve/main/{name}", building / name, progress
        )
    _convert(model, release, building)
    shutil.rmtree(folder, ignore_errors=True)  # damaged, or it would not be replaced
    building.replace(folder)
    shutil.rmtree(arriving)


def _check_release(release: Path) -> None:
    expected = release.stem.rpartition("-")[2]
    found = sha256_of(release)[:_PREFIX]
    if found == expected:
        return
    release.unlink()
    raise ModelCorruptError(
        f"what was downloaded as {release.name} is not the release: its SHA-256 begins with {found}",
        hint="it was not opened; pull again, or ask who runs the proxy or mirror in between",
    )


def _convert(model: KnownModel, release: Path, building: Path) -> None:
    """Turn the release into a model's folder, and load that once: a pulled model is one that works."""
    from moderation.scoring.detoxify import DetoxifyScorer, read_checkpoint, save_weights  # noqa: PLC0415 - torch

    checkpoint = read_checkpoint(release)
    save_weights(checkpoint, building / WEIGHTS)
    architecture = checkpoint.architecture
    manifest = Manifest(
        name=model.name,
        attributes=architecture.attributes,
        outputs=architecture.outputs,
        languages=model.languages,
        window=window_of(building),
        model_class=architecture.model_class,
        tokenizer_class=architecture.tokenizer_class,
        licence=model.licence,
        base=model.base,
        weights=WEIGHTS,
        files=checksums(building),
        source=f"{settings().models_url.rstrip('/')}/{model.release}",
    )
    write_manifest(building, manifest)
    DetoxifyScorer.from_folder(ModelFolder(building), threads=1).close()


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Keep other processes and threads out while a model is pulled.

    SQLite's file lock is the one in the standard library that works on every system, waits, and is gone
    when its process is.
    """
    connection = sqlite3.connect(_beside(folder, "lock"), timeout=_PATIENCE_S, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()


def _beside(folder: Path, purpose: str) -> Path:
    return folder.with_name(f".{folder.name}.{purpose}")
