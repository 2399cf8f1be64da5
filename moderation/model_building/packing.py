"""From a checkpoint in Detoxify's format to the folder that both engines read: int8 weights and an ONNX graph."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from typing_extensions import override

from moderation.errors import ModelError
from moderation.extras import needing
from moderation.model_building.quantise import quantise
from moderation.scoring.checkpoint import window_of
from moderation.scoring.folder import (
    CONFIG,
    GRAPH,
    TOKENIZER,
    Manifest,
    ModelFolder,
    checksums,
    write_manifest,
)

WEIGHTS = "weights.safetensors"
MEAN, MAX = 0.01, 0.10
"""How far the scores of the two engines may lie apart, on the mean and at most."""

_TOKENIZER_CONFIG = "tokenizer_config.json"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How far the ONNX form's scores lie from another's, over all attributes and texts."""

    mean: float
    largest: float

    @property
    def tolerable(self) -> bool:
        """Whether the one may stand for the other."""
        return self.mean <= MEAN and self.largest <= MAX

    @override
    def __str__(self) -> str:
        return f"scores differ by {self.mean:.4f} on the mean (at most {MEAN}), by {self.largest:.3f} at most ({MAX})"


def pack(
    checkpoint: Any,  # noqa: ANN401 - torch is an extra
    out: Path,
    about: Mapping[str, Any],
    reference: Any,  # noqa: ANN401
    texts: Sequence[str],
) -> Disagreement:
    """Pack a model so that its two forms agree as far as they can; return how far their scores lie apart.

    All products of the layers are tried in int8 first; if that costs more than half of what is tolerable, the
    last product of each layer is computed in float32.

    Args:
        checkpoint: as `moderation.scoring.detoxify.read_checkpoint` returns it.
        out: the folder.
        about: what the manifest says besides what stands in the checkpoint: name, languages, licence, base, …
        reference: scores with torch.
        texts: what both score.

    Raises:
        MissingExtraError: the package `onnx` is not installed.
        ModelCorruptError: the network is of a kind that can't be built.
    """
    write_packed(checkpoint, out, about)
    found = disagreement(ModelFolder(out), reference, texts)
    if found.largest > MAX / 2 or found.mean > MEAN / 2:
        write_packed(checkpoint, out, about, careful=True)
        found = disagreement(ModelFolder(out), reference, texts)
    return found


def write_packed(
    checkpoint: Any,  # noqa: ANN401 - torch is an extra
    out: Path,
    about: Mapping[str, Any],
    *,
    careful: bool = False,
) -> None:
    """Write weights, graph, configuration, tokeniser and manifest into a new folder.

    Args:
        checkpoint: as `moderation.scoring.detoxify.read_checkpoint` returns it.
        out: the folder.
        about: what the manifest says besides what stands in the checkpoint.
        careful: see `classifier_graph`.

    Raises:
        MissingExtraError: the package `onnx` is not installed.
        ModelCorruptError: the network is of a kind that can't be built.
    """
    with needing("compile,torch", "a model is compiled with the package `{package}`"):
        from moderation.model_building.networks import classifier_graph  # noqa: PLC0415 - imports onnx, an extra
    out.mkdir(parents=True, exist_ok=True)
    for name in (CONFIG, TOKENIZER, _TOKENIZER_CONFIG):
        if (checkpoint.folder / name).is_file():
            shutil.copyfile(checkpoint.folder / name, out / name)
    _whole_tokenizer(out)
    config = json.loads((out / CONFIG).read_bytes())
    state = {
        name: tensor.float().numpy()
        for name, tensor in checkpoint.state.items()
        if not name.endswith(".position_ids")
    }
    save_file(quantise(state), out / WEIGHTS)
    architecture = checkpoint.architecture
    graph = classifier_graph(out / WEIGHTS, config, architecture.outputs, careful=careful)
    (out / GRAPH).write_bytes(graph.SerializeToString(deterministic=True))
    whole = Manifest(
        attributes=architecture.attributes,
        outputs=architecture.outputs,
        window=window_of(out),
        model_class=architecture.model_class,
        tokenizer_class=architecture.tokenizer_class,
        weights=WEIGHTS,
        files=checksums(out),
        **about,
    )
    write_manifest(out, whole)


def disagreement(folder: ModelFolder, reference: Any, texts: Sequence[str]) -> Disagreement:  # noqa: ANN401 - torch is an extra
    """Compare the ONNX form's scores of texts with those of a torch scorer."""
    from moderation.scoring.onnx import OnnxScorer  # noqa: PLC0415 - 0.1 s

    ours, theirs = OnnxScorer(folder, threads=1).score(texts), reference.score(texts)
    gaps = np.array([abs(a[key] - b[key]) for a, b in zip(ours, theirs, strict=True) for key in a])
    return Disagreement(float(gaps.mean()), float(gaps.max()))


def _whole_tokenizer(folder: Path) -> None:
    """Make a tokenizer.json where a checkpoint came with an older form of its tokeniser."""
    if (folder / TOKENIZER).is_file():
        return
    raise ModelError(
        f"there is no {TOKENIZER} beside the checkpoint",
        hint="save the tokeniser with transformers (`tokenizer.save_pretrained`) into the checkpoint's folder",
    )
