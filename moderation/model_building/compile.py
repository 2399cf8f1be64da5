"""Turns any Detoxify model into the form that ONNX Runtime scores in int8, and checks the two against each other."""

import json
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from moderation.errors import DisagreementError, ModelError
from moderation.extras import needing
from moderation.model_building.packing import pack
from moderation.scoring.catalogue import CATALOGUE, EMBEDDED
from moderation.scoring.checkpoint import find_checkpoint, languages_of
from moderation.scoring.folder import ModelFolder
from moderation.scoring.installed import folder_of
from moderation.scoring.opening import installed_folder

Report = Callable[[str], None]
"""Told what is done next, as a sentence without a full stop."""


def compile_model(model: str, *, out: Path | None = None, report: Report = lambda _: None) -> Path:
    """Compile a pulled model or a checkpoint; return the folder of the compiled one.

    A pulled model is replaced by its compiled form; a checkpoint stays, and the form is written beside it.

    Args:
        model: a name of the catalogue, or the path of a checkpoint.
        out: where a checkpoint's compiled form goes; `STEM-onnx` beside it if `None`.
        report: told what is done.

    Raises:
        MissingExtraError: torch or onnx is not installed.
        DisagreementError: the two forms' scores lie too far apart.
        ModelError: the model is compiled already, or the folder is there.
        UnknownModelError: nothing lies at the path.
        ModelNotPulledError: the model is known but not on this machine.
    """
    with needing("compile,torch", "compiling needs the package `{package}`"):
        from moderation.scoring.detoxify import (  # noqa: PLC0415 - imports torch, an extra
            DetoxifyScorer,
            checkpoint_in,
            read_checkpoint,
        )
    named = model in CATALOGUE
    if named:
        source = ModelFolder(_compilable(model))
        target, checkpoint, about = (
            source.path,
            checkpoint_in(source),
            source.manifest.model_dump(include=_ABOUT),
        )
        languages = source.manifest.languages
    else:
        path = find_checkpoint(Path(model).expanduser())
        target = out or path.with_name(f"{path.stem}-onnx")
        if target.exists():
            raise ModelError(f"`{target}` is there already", hint="name another folder with --out")
        checkpoint = read_checkpoint(path)
        languages = languages_of(path, checkpoint.architecture)
        about = {
            "name": path.stem,
            "languages": languages,
            "licence": "the checkpoint's",
            "base": "the checkpoint's",
        }
    reference = DetoxifyScorer(checkpoint, model="reference", languages=languages, threads=1)
    building = target.with_name(f".{target.name}.compiling")
    shutil.rmtree(building, ignore_errors=True)
    try:
        report("writing int8 weights and the graph, and scoring real comments with both forms")
        found = pack(checkpoint, building, about, reference, sample_comments())
        if not found.tolerable:
            raise DisagreementError(
                f"the compiled form disagrees with the model: {found}",
                hint="nothing was installed; use the torch engine",
            )
        report(str(found))
        if named:
            shutil.rmtree(target)
        building.replace(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def sample_comments() -> list[str]:
    """Return the comments that both forms score: real ones, with their licence in data/sample.md."""
    text = files("moderation").joinpath("data/sample.jsonl").read_text(encoding="utf-8")
    return [json.loads(line)["text"] for line in text.splitlines()]


_ABOUT = {
    "name",
    "languages",
    "licence",
    "base",
    "revision",
    "source",
    "source_sha256",
    "source_sha256_published",
    "trained_on",
    "known_faults",
}


def _compilable(name: str) -> Path:
    if name == EMBEDDED:
        raise ModelError(f"`{name}` is compiled already", hint="it is embedded in the package in both forms")
    folder = installed_folder(name)
    if folder.has_graph:
        raise ModelError(f"`{name}` is compiled already", hint=f"it lies in `{folder_of(name)}`")
    return folder.path
