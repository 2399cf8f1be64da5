"""From a model's folder back to a checkpoint that Detoxify itself loads."""

import shutil
from pathlib import Path
from typing import Final

from moderation.errors import ModelError
from moderation.extras import needing
from moderation.scoring.checkpoint import DETOXIFY_NAMES
from moderation.scoring.folder import CONFIG, ModelFolder

_BESIDE: Final = ("tokenizer.json", "tokenizer_config.json", CONFIG)


def export_checkpoint(folder: ModelFolder, out: Path) -> list[Path]:
    """Write each network of a model as a checkpoint in Detoxify's format, float32, with what it needs beside it.

    `Detoxify(checkpoint=PATH)` loads it and asks no network: the checkpoint names its own folder as the model's.

    Args:
        folder: the model.
        out: where to; a model of several networks gets a folder for each in it. Nothing is overwritten.

    Returns:
        The checkpoints, one for each network.

    Raises:
        MissingExtraError: torch is not installed.
        ModelError: the folder is there already.
    """
    networks = (folder, *folder.networks)
    names = ("first", *folder.manifest.networks)
    places = [out] if len(networks) == 1 else [out / name for name in names]
    if out.exists():
        raise ModelError(f"`{out}` is there already", hint="name a folder that isn't")
    return [_write(network, place.resolve()) for network, place in zip(networks, places, strict=True)]


def _write(folder: ModelFolder, out: Path) -> Path:
    with needing("torch", "a checkpoint is written with the package `{package}`"):
        import torch  # noqa: PLC0415 - 2 s, and an extra

        from moderation.scoring.detoxify import checkpoint_in  # noqa: PLC0415 - imports torch
    manifest = folder.manifest
    out.mkdir(parents=True)
    for name in _BESIDE:
        if (folder.path / name).is_file():
            shutil.copyfile(folder.path / name, out / name)
    arguments = {
        "model_type": str(out),
        "model_name": manifest.model_class,
        "tokenizer_name": manifest.tokenizer_class,
        "num_classes": manifest.outputs,
    }
    classes = [DETOXIFY_NAMES.get(attribute, attribute) for attribute in manifest.attributes]
    config = {"arch": {"args": arguments}, "dataset": {"args": {"classes": classes}}}
    path = out / f"{manifest.name}.ckpt"
    torch.save({"config": config, "state_dict": dict(checkpoint_in(folder).state)}, path)
    return path
