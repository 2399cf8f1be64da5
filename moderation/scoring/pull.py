"""Gets one of Detoxify's models: the only place that asks the network, and only when a person asks for it.

The checkpoint is a pickle. Its hash is checked before it is opened, it is read once, with torch's
`weights_only`, which runs nothing, and what is kept is safetensors.

Of a checkpoint's SHA-256, its publisher tells 8 hex digits; so the whole hash of every file is recorded at the first
pull, and a later one that gets anything else is refused. Configuration and tokeniser are of a pinned commit.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from moderation.errors import DownloadError, ModelCorruptError
from moderation.extras import needing
from moderation.scoring.catalogue import KnownModel
from moderation.scoring.checkpoint import window_of
from moderation.scoring.folder import (
    CONFIG,
    TOKENIZER,
    Manifest,
    ModelFolder,
    checksums,
    sha256_of,
    write_manifest,
)
from moderation.scoring.installed import folder_of, known_model, pinned_at, verify
from moderation.scoring.pinned import PinnedFiles
from moderation.settings import settings

if TYPE_CHECKING:
    from moderation.scoring.download import DownloadProgress

WEIGHTS = "model.safetensors"

_FROM_THE_HUB = (CONFIG, TOKENIZER, "tokenizer_config.json")
_PATIENCE_S = 24 * 3600.0  # as long as another process may take to pull the same model


def pull(name: str, *, progress: "DownloadProgress | None" = None) -> Path:
    """Download a model, check it, and install it; returns its folder.

    A model that is there and whole is left as it is. The model appears as a whole or not at all. If two
    processes pull the same model, the second waits for the first.

    Args:
        name: a name of the catalogue.
        progress: called while bytes arrive.

    Raises:
        UnknownModelError: there is no model of this name.
        MissingExtraError: what reads or downloads the checkpoint is not installed.
        DownloadError: a file can't be downloaded or written; what arrived is kept.
        ModelCorruptError: what arrived is not what was published, or not what an earlier pull got.
    """
    model = known_model(name)
    folder = folder_of(name)
    if not verify(name):
        return folder
    if not model.checkpoint:
        raise ModelCorruptError(f"the embedded model `{name}` is damaged", hint="reinstall the package")
    with needing(
        "torch", "pulling a model needs the package `{package}`"
    ):  # before the first byte is downloaded
        from filelock import FileLock  # noqa: PLC0415

        from moderation.scoring import detoxify, download  # noqa: F401, PLC0415
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(_beside(folder, "lock"), timeout=_PATIENCE_S):
            if verify(name):
                _install(model, folder, progress)
    except OSError as error:
        raise DownloadError(
            f"the model can't be kept in `{folder.parent}` ({error})",
            hint="free space or set MODERATION_MODELS_DIR, then pull again: it goes on from there",
        ) from None
    return folder


def _install(model: KnownModel, folder: Path, progress: "DownloadProgress | None") -> None:
    """Download into one hidden folder, build in another, and rename that one."""
    from moderation.scoring.download import download  # noqa: PLC0415 - imports httpx, of the extra

    pinned = PinnedFiles(pinned_at(model.name))
    arriving, building = _beside(folder, "download"), _beside(folder, "new")
    arriving.mkdir(exist_ok=True)
    checkpoint = arriving / model.checkpoint.rpartition("/")[2]
    if not checkpoint.is_file():
        download(_address(model), checkpoint, progress)
    sha256 = _published_hash(checkpoint)
    pinned.check(checkpoint, model.checkpoint, sha256)
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    for name in _FROM_THE_HUB:
        source = f"{model.base}/resolve/{model.revision}/{name}"
        download(f"{settings().hub_url.rstrip('/')}/{source}", building / name, progress)
        pinned.check(building / name, source, sha256_of(building / name))
    _convert(model, checkpoint, sha256, building)
    pinned.save()
    shutil.rmtree(folder, ignore_errors=True)  # damaged, or it would not be replaced
    building.replace(folder)
    shutil.rmtree(arriving)


def _address(model: KnownModel) -> str:
    return f"{settings().models_url.rstrip('/')}/{model.checkpoint}"


def _published(checkpoint: Path) -> str:
    """Return what the publisher tells of a checkpoint's SHA-256: the digits that its name ends in."""
    return checkpoint.stem.rpartition("-")[2]


def _published_hash(checkpoint: Path) -> str:
    """Hash a checkpoint, hex; one that the publisher didn't publish is deleted and refused."""
    expected, sha256 = _published(checkpoint), sha256_of(checkpoint)
    if sha256.startswith(expected):
        return sha256
    checkpoint.unlink()
    raise ModelCorruptError(
        f"what was downloaded as {checkpoint.name} is not the release:"
        f" its SHA-256 begins with {sha256[: len(expected)]}",
        hint="it was not opened; pull again, or ask who runs the proxy or mirror in between",
    )


def _convert(model: KnownModel, file: Path, sha256: str, building: Path) -> None:
    """Turn the checkpoint into a model's folder, and load that once: a pulled model is one that works."""
    from moderation.scoring.detoxify import DetoxifyScorer, read_checkpoint, save_weights  # noqa: PLC0415 - torch

    checkpoint = read_checkpoint(file)
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
        revision=model.revision,
        weights=WEIGHTS,
        files=checksums(building),
        source=_address(model),
        source_sha256=sha256,
        source_sha256_published=_published(file),
    )
    write_manifest(building, manifest)
    DetoxifyScorer.from_folder(ModelFolder(building), threads=1).close()


def _beside(folder: Path, purpose: str) -> Path:
    return folder.with_name(f".{folder.name}.{purpose}")
