"""Scores with the Detoxify library itself: the reference, and the engine of its five large models.

The only module that imports torch, transformers and detoxify; it is imported when such a model is opened.
Everything is read from this machine: Detoxify's own constructor would ask the network.
"""

import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Final, Self

import numpy as np
from tokenizers import Tokenizer

from moderation.errors import ModelCorruptError
from moderation.extras import needing
from moderation.scoring.batches import ScoreMatrix, best_scores
from moderation.scoring.checkpoint import (
    Architecture,
    hash_of_all,
    languages_of,
    read_architecture,
    window_in,
    window_of,
)
from moderation.scoring.folder import SHORT, ModelFolder, model_identity, sha256_of
from moderation.scoring.machine import TOKENIZERS, processor
from moderation.scoring.protocol import Basis
from moderation.scoring.tensors import read_weights
from moderation.scoring.windows import TokenWindow, WindowCutter

with needing("torch", "Detoxify's engine needs the package `{package}`"):
    import torch
    import transformers
    from detoxify import Detoxify
    from safetensors.torch import save_file

_ROUNDED_TO = (1, 8, 64, 128)  # some models have a few more embeddings than tokens, for speed


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The weights of a model and what is needed to run them.

    Attributes:
        state: tensors by the names that transformers gives them.
        folder: where config.json and the tokeniser lie.
        window: tokens it reads at a time, special ones included; `None`: as many as the network has places for.
    """

    state: Mapping[str, torch.Tensor]
    architecture: Architecture
    folder: Path
    window: int | None = None


class LocalDetoxify(Detoxify):  # type: ignore[misc] # detoxify is untyped
    """Detoxify, made from files instead of downloads; `predict` is its own.

    Raises:
        ModelCorruptError: weights, configuration and tokeniser don't belong together.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        architecture = checkpoint.architecture
        self.device = "cpu"
        window = checkpoint.window or window_of(checkpoint.folder)
        self.class_names = list(architecture.attributes)
        try:
            self.model = _model(checkpoint)
            self.tokenizer = getattr(transformers, architecture.tokenizer_class).from_pretrained(
                checkpoint.folder, local_files_only=True
            )
            self.tokenizer.model_max_length = window
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelCorruptError(
                f"the model in `{checkpoint.folder}` can't be built ({type(error).__name__})"
            ) from error
        rows, tokens = self.model.get_input_embeddings().num_embeddings, len(self.tokenizer)
        if rows not in {-(-tokens // multiple) * multiple for multiple in _ROUNDED_TO}:
            raise ModelCorruptError(
                "the tokeniser does not belong to the weights: their vocabularies differ in size"
            )


class DetoxifyScorer:
    """Scores with Detoxify's `predict`, one text at a time.

    One at a time because torch's results depend on the batch in the last digits; a lock, because its
    tokeniser can't be shared by threads.
    """

    def __init__(
        self, checkpoint: Checkpoint, *, model: str, languages: Sequence[str], threads: int, files: str = ""
    ) -> None:
        self.model: Final = model
        self.engine: Final = f"torch {torch.__version__}"
        self.basis: Final = Basis(files[:SHORT], _runtime(threads))
        self.attributes: Final = checkpoint.architecture.attributes
        self.languages: Final = frozenset(languages)
        torch.set_num_threads(threads)
        self._detoxify: LocalDetoxify | None = LocalDetoxify(checkpoint)
        # Of its own: `predict` sets padding and truncation on the tokeniser that it uses.
        copy = Tokenizer.from_str(self._detoxify.tokenizer.backend_tokenizer.to_str())
        self._windows = WindowCutter(copy, self._detoxify.tokenizer.model_max_length)
        self._lock = threading.Lock()

    @classmethod
    def from_folder(cls, folder: ModelFolder, *, threads: int) -> Self:
        """Load the embedded model or a pulled one.

        Raises:
            ModelCorruptError: its files don't belong together.
        """
        manifest = folder.manifest
        return cls(
            checkpoint_in(folder),
            model=folder.identity,
            languages=manifest.languages,
            threads=threads,
            files=manifest.everything,
        )

    @classmethod
    def from_checkpoint(cls, path: Path, *, threads: int) -> Self:
        """Load a checkpoint in Detoxify's format, with config.json and tokeniser beside it.

        Raises:
            ModelCorruptError: the file is no such checkpoint, or holds more than weights.
        """
        checkpoint = read_checkpoint(path)
        languages, weights = languages_of(path, checkpoint.architecture), sha256_of(path)
        return cls(
            checkpoint,
            model=model_identity(path.stem, weights),
            languages=languages,
            threads=threads,
            files=hash_of_all(path.parent, weights, languages),
        )

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        """Score each text: attribute to score, in the order of the texts; see `ToxicityScorer`."""
        del languages  # one network, for all that it knows
        rows = best_scores(texts, self._windows, self._run, width=len(self.attributes), threads=1)
        return [dict(zip(self.attributes, row, strict=True)) for row in rows.tolist()]

    def close(self) -> None:
        """Give back the memory."""
        self._detoxify = None

    def _run(self, windows: Sequence[TokenWindow]) -> ScoreMatrix:
        return np.array([self._predict(window.text) for window in windows], dtype=np.float32)

    def _predict(self, text: str) -> list[float]:
        if self._detoxify is None:
            raise RuntimeError("the scorer is closed")
        with self._lock:
            found: dict[str, float] = self._detoxify.predict(text)
        return [found[attribute] for attribute in self.attributes]


def _runtime(threads: int) -> str:
    """Threads too: how many share a sum decides the order in which torch adds up."""
    library = f"transformers {transformers.__version__}"
    return ", ".join((library, TOKENIZERS, processor(), f"{threads} threads"))


def checkpoint_in(folder: ModelFolder) -> Checkpoint:
    """Return the weights of the embedded model or a pulled one."""
    manifest = folder.manifest
    state = {name: torch.from_numpy(array) for name, array in read_weights(folder.weights).items()}
    architecture = Architecture(
        manifest.model_class, manifest.tokenizer_class, manifest.attributes, manifest.outputs
    )
    return Checkpoint(state, architecture, folder.path, window_in(folder))


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint; nothing in it is run, whatever it holds.

    Raises:
        ModelCorruptError: it is damaged, holds more than weights, or is no checkpoint of Detoxify's.
    """
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except (UnpicklingError, OSError, RuntimeError, EOFError, ValueError) as error:
        raise ModelCorruptError(
            f"`{path}` is no checkpoint, or holds more than weights ({type(error).__name__})",
            hint="nothing in it was run; get the file again from where it was published",
        ) from None
    if not isinstance(loaded, dict) or not isinstance(loaded.get("state_dict"), dict):
        raise ModelCorruptError(f"`{path}` is no checkpoint of Detoxify's: it has no `state_dict`")
    return Checkpoint(loaded["state_dict"], read_architecture(loaded.get("config")), path.parent)


def save_weights(checkpoint: Checkpoint, path: Path) -> None:
    """Write the weights as safetensors, without the position ids, which are no weights."""
    save_file({name: tensor.contiguous() for name, tensor in _weights(checkpoint).items()}, path)


def _weights(checkpoint: Checkpoint) -> dict[str, torch.Tensor]:
    return {name: tensor for name, tensor in checkpoint.state.items() if not name.endswith(".position_ids")}


def _model(checkpoint: Checkpoint) -> Any:  # noqa: ANN401 - transformers is untyped
    """Build the model and fill in the weights, of which none may be missing, left over or not finite."""
    kind = getattr(transformers, checkpoint.architecture.model_class)
    config = kind.config_class.from_pretrained(
        checkpoint.folder, num_labels=checkpoint.architecture.outputs, local_files_only=True
    )
    model = kind(config).float()
    state = {name: tensor.float() for name, tensor in _weights(checkpoint).items()}
    keys = model.load_state_dict(state, strict=False)
    missing = [name for name in keys.missing_keys if not name.endswith(".position_ids")]
    if missing or keys.unexpected_keys:
        raise ModelCorruptError(
            f"{len(missing)} weights are missing and {len(keys.unexpected_keys)} are unknown to {kind.__name__}"
        )
    if not all(bool(tensor.isfinite().all()) for tensor in state.values()):
        raise ModelCorruptError("some weights are not finite")
    return model.eval()
