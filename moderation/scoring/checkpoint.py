"""Where Detoxify's checkpoints keep what, and which of it is believed.

A checkpoint is a dict that torch saved: `{"config": {"arch": {"args": {"model_type", "model_name",
"tokenizer_name", "num_classes"}}, "dataset": {"args": {"classes": [...]}}}, "state_dict": {...}}`
(https://github.com/unitaryai/detoxify, `detoxify/detoxify.py`). `config.json` and the tokeniser's files lie
beside it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from moderation.domain import ATTRIBUTES
from moderation.errors import ModelCorruptError, UnknownModelError
from moderation.scoring.folder import MANIFEST, ModelFolder, sha256_of

SUFFIXES = (".ckpt", ".pt")

TOKENIZERS = {
    "BertForSequenceClassification": "BertTokenizer",
    "RobertaForSequenceClassification": "RobertaTokenizer",
    "XLMRobertaForSequenceClassification": "XLMRobertaTokenizer",
    "AlbertForSequenceClassification": "AlbertTokenizer",
}
"""The classes of transformers that a checkpoint may name: the model's, and the tokeniser's that goes with it."""

_BESIDE = (
    "added_tokens.json",
    "config.json",
    "merges.txt",
    "sentencepiece.bpe.model",
    "special_tokens_map.json",
    "spiece.model",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
)
"""Files beside a checkpoint that transformers reads, where they are there."""

ANY_TOKENIZER = "PreTrainedTokenizer"
"""The class that takes a tokenizer.json as it is; every model may name it."""

MULTILINGUAL = ("en", "fr", "es", "it", "pt", "tr", "ru")

_RENAMED = {"toxic": "toxicity", "severe_toxic": "severe_toxicity", "identity_hate": "identity_attack"}

DETOXIFY_NAMES = {ours: theirs for theirs, ours in _RENAMED.items()}
"""What Detoxify's older checkpoints call our attributes; its `predict` then answers with ours."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """Which classes of transformers a model needs, and what its outputs mean.

    Attributes:
        outputs: how many the model has; those beyond `attributes` are not used.

    Raises:
        ModelCorruptError: it names a class that we don't know, or attributes that are none.
    """

    model_class: str
    tokenizer_class: str
    attributes: tuple[str, ...]
    outputs: int

    def __post_init__(self) -> None:
        own = TOKENIZERS.get(self.model_class)
        if own is None or self.tokenizer_class.removesuffix("Fast") not in {own, ANY_TOKENIZER}:
            raise ModelCorruptError(
                f"the model asks for {self.model_class[:60]!r} with {self.tokenizer_class[:60]!r}",
                hint=f"known models are {', '.join(TOKENIZERS)}, each with its own tokeniser",
            )
        known = self.attributes and set(self.attributes) <= set(ATTRIBUTES)
        if not known or len(self.attributes) > self.outputs:
            raise ModelCorruptError("the model's classes are not Detoxify's")


class _Args(BaseModel):
    model_name: str
    tokenizer_name: str
    num_classes: int = Field(ge=1, le=1000)


class _Arch(BaseModel):
    args: _Args


class _Classes(BaseModel):
    classes: tuple[str, ...]


class _Dataset(BaseModel):
    args: _Classes


class _Config(BaseModel):
    arch: _Arch
    dataset: _Dataset


def read_architecture(config: object) -> Architecture:
    """Read a checkpoint's own `config`.

    Raises:
        ModelCorruptError: something is missing, or it names a class or an attribute that we don't know.
    """
    try:
        found = _Config.model_validate(config)
    except ValidationError as error:
        raise ModelCorruptError(
            f"the checkpoint's config is not Detoxify's ({error.error_count()} errors)"
        ) from None
    args = found.arch.args
    classes = tuple(_RENAMED.get(name, name) for name in found.dataset.args.classes)
    return Architecture(args.model_name, args.tokenizer_name, classes, args.num_classes)


def find_checkpoint(path: Path) -> Path:
    """Return the checkpoint at a path: the file itself, or the only one in a folder.

    Raises:
        UnknownModelError: there is none, or there are several.
    """
    if path.is_file() and path.suffix in SUFFIXES:
        return path
    found = [file for file in sorted(path.glob("*")) if file.suffix in SUFFIXES] if path.is_dir() else []
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownModelError(f"`{path}` holds {len(found)} checkpoints", hint="name the file instead")
    raise UnknownModelError(
        f"no model and no checkpoint lies at `{path}`",
        hint=f"a checkpoint ends in {' or '.join(SUFFIXES)}; `moderation models list` shows the models by name",
    )


def languages_of(checkpoint: Path, architecture: Architecture) -> tuple[str, ...]:
    """Tell the languages of a checkpoint: `languages` of a manifest.json beside it, else Detoxify's own for the architecture.

    Raises:
        ModelCorruptError: the manifest has languages that are no list of codes.
    """
    manifest = checkpoint.parent / MANIFEST
    if manifest.is_file():
        languages = _json(manifest).get("languages")
        if isinstance(languages, list) and all(isinstance(code, str) for code in languages):
            return tuple(languages)
        if languages is not None:
            raise ModelCorruptError(f'`{manifest}`: `languages` is no list of codes such as ["en"]')
    return MULTILINGUAL if architecture.model_class.startswith("XLM") else ("en",)


def hash_of_all(folder: Path, weights: str, languages: Sequence[str]) -> str:
    """Hash all that a checkpoint's scores depend on: its own hash, what lies beside it, its languages; hex."""
    beside = {name: sha256_of(folder / name) for name in _BESIDE if (folder / name).is_file()}
    everything = {"weights": weights, "beside": beside, "languages": list(languages)}
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


def window_of(folder: Path) -> int:
    """Tell from config.json how many tokens a model takes, special ones included.

    Raises:
        ModelCorruptError: config.json is missing or does not say.
    """
    config = _json(folder / "config.json")
    positions = config.get("max_position_embeddings")
    if not isinstance(positions, int):
        raise ModelCorruptError(f"`{folder / 'config.json'}` has no `max_position_embeddings`")
    # RoBERTa counts positions from after the padding token's id, and so loses some.
    lost = int(config.get("pad_token_id", 1)) + 1 if "roberta" in str(config.get("model_type")) else 0
    return positions - lost


def window_in(folder: ModelFolder) -> int:
    """Tell how many tokens a model with a manifest reads at a time, special ones included: the same on either engine.

    Raises:
        ModelCorruptError: its manifest says more than the network has places for.
    """
    window, places = folder.manifest.window, window_of(folder.path)
    if window > places:
        raise ModelCorruptError(
            f"the manifest of `{folder.manifest.name}` has a window of {window} tokens, its network {places} places"
        )
    return window


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ModelCorruptError(f"`{path}` can't be read ({type(error).__name__})") from None
    if not isinstance(found, dict):
        raise ModelCorruptError(f"`{path}` is no JSON object")
    return found
