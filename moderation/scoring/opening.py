"""From the name or path in rules.yaml to a scorer. Never asks the network."""

import os
from pathlib import Path
from time import perf_counter
from typing import Literal, TypeAlias

from moderation.errors import ModelError, ModelNotPulledError
from moderation.logs import Fields, room_logger
from moderation.scoring.calibration import CalibratedScorer
from moderation.scoring.catalogue import CATALOGUE
from moderation.scoring.checkpoint import find_checkpoint
from moderation.scoring.folder import MANIFEST, ModelFolder
from moderation.scoring.installed import folder_of, is_installed, known_model
from moderation.scoring.protocol import ToxicityScorer
from moderation.scoring.routed import RoutedScorer
from moderation.settings import settings

log = room_logger(__name__)

Engine: TypeAlias = Literal["auto", "onnx", "torch"]


def open_scorer(model: str, *, engine: Engine = "auto", base_dir: Path | None = None) -> ToxicityScorer:
    """Load a model, once; what it returns serves every thread.

    Args:
        model: a name of the catalogue, the folder of a pulled or packed model, or a checkpoint in
            Detoxify's format (a file, or a folder that holds one).
        engine: `auto` takes ONNX where the model has that form, else torch.
        base_dir: where a relative path begins; the working directory if `None`.

    Raises:
        UnknownModelError: no model has this name, and nothing lies at this path.
        ModelNotPulledError: the model is known but not on this machine.
        ModelCorruptError: its files are damaged, or don't belong together.
        ModelError: it has no form that the engine runs.
        MissingExtraError: it needs torch, which is not installed.
    """
    began = perf_counter()
    scorer = _load(model, engine, base_dir)
    ms = (perf_counter() - began) * 1000
    fields = Fields(model=scorer.model, engine=scorer.engine, ms=ms)
    log.info("model %s is open on %s, after %.0f ms", scorer.model, scorer.engine, ms, extra=fields)
    return scorer


def _load(model: str, engine: Engine, base_dir: Path | None) -> ToxicityScorer:
    if model in CATALOGUE:
        return _from_folder(installed_folder(model), engine)
    path = (base_dir or Path()) / Path(model).expanduser()
    if not path.exists() and not _looks_like_a_path(model):
        known_model(model)  # raises, with the name that may have been meant
    if (path / MANIFEST).is_file() and not any(path.glob("*.ckpt")) and not any(path.glob("*.pt")):
        return _from_folder(ModelFolder(path), engine)
    checkpoint = find_checkpoint(path)
    if engine == "onnx":
        raise _no_graph(str(path))
    from moderation.scoring.detoxify import DetoxifyScorer  # noqa: PLC0415 - imports torch

    return DetoxifyScorer.from_checkpoint(checkpoint, threads=_threads())


def installed_folder(name: str) -> ModelFolder:
    """Return the folder of a model of the catalogue.

    Raises:
        ModelNotPulledError: it is not on this machine.
    """
    if not is_installed(name):
        raise ModelNotPulledError(
            f"the model `{name}` is not on this machine", hint=f"run `moderation models pull {name}`"
        )
    return ModelFolder(folder_of(name))


def _from_folder(folder: ModelFolder, engine: Engine) -> ToxicityScorer:
    first = _network(folder, engine)
    others = [_network(network, engine) for network in folder.networks]
    return RoutedScorer([first, *others], model=folder.identity) if others else first


def _network(folder: ModelFolder, engine: Engine) -> ToxicityScorer:
    network, manifest = _uncalibrated(folder, engine), folder.manifest
    if not manifest.calibration:
        return network
    return CalibratedScorer(network, manifest.calibration, order=manifest.languages)


def _uncalibrated(folder: ModelFolder, engine: Engine) -> ToxicityScorer:
    if engine == "onnx" and not folder.has_graph:
        raise _no_graph(folder.manifest.name)
    if engine != "torch" and folder.has_graph:
        from moderation.scoring.onnx import OnnxScorer  # noqa: PLC0415 - 0.1 s, for those who score

        return OnnxScorer(folder, threads=_threads())
    from moderation.scoring.detoxify import DetoxifyScorer  # noqa: PLC0415 - imports torch

    return DetoxifyScorer.from_folder(folder, threads=_threads())


def _looks_like_a_path(model: str) -> bool:
    return any(sign in model for sign in ("/", "\\", ".", "~"))


def _no_graph(model: str) -> ModelError:
    return ModelError(f"`{model}` has no ONNX form", hint="leave the engine at `auto`, or use `torch`")


def _threads() -> int:
    if chosen := settings().threads:
        return chosen
    # Not os.cpu_count: a container or taskset may allow fewer.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
