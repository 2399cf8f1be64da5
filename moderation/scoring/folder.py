"""A model's folder: weights, configuration, tokeniser, and a manifest with the checksum of each."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from moderation.domain import ATTRIBUTES
from moderation.errors import ModelCorruptError
from moderation.scoring.calibration import Curve

_Value = TypeVar("_Value")

MANIFEST = "manifest.json"
CONFIG = "config.json"
TOKENIZER = "tokenizer.json"
GRAPH = "model.onnx"

SHORT = 12
"""Hex digits of a SHA-256 that name a model."""

_SCORING = {
    "attributes",
    "outputs",
    "languages",
    "window",
    "model_class",
    "tokenizer_class",
    "weights",
    "files",
    "calibration",
}
"""What of a manifest has a say in scores; the rest describes."""


def _known(attributes: tuple[str, ...]) -> tuple[str, ...]:
    if not attributes or set(attributes) - set(ATTRIBUTES):
        raise ValueError(f"attributes are some of {', '.join(ATTRIBUTES)}")
    return attributes


def _plain(named: dict[str, _Value]) -> dict[str, _Value]:
    if any(Path(name).name != name for name in named):
        raise ValueError("a name has no folder in it")
    return named


class Manifest(BaseModel):
    """What is known about a model, and what its files hash to (`manifest.json`).

    A model can have further networks, for languages that its first one doesn't know: each lies in the
    folder of its name, and is described here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="the model's name in rules.yaml")
    attributes: Annotated[tuple[str, ...], AfterValidator(_known)] = Field(
        description="what it scores, in the order of its outputs"
    )
    outputs: int = Field(ge=1, description="how many it has; those beyond the attributes are not used")
    languages: tuple[str, ...] = Field(description="ISO 639-1 codes of the languages it knows")
    window: int = Field(ge=16, description="tokens it takes at most, special ones included")
    model_class: str = Field(description="its class in transformers")
    tokenizer_class: str = Field(description="its tokeniser's class in transformers")
    licence: str
    base: str = Field(description="the model that it was trained from")
    weights: str = Field(description="file of the weights, safetensors")
    files: Annotated[dict[str, str], AfterValidator(_plain)] = Field(
        description="SHA-256 of every other file, hex"
    )
    revision: str = Field(default="", description="the commit of `base` that its tokeniser was pulled from")
    source: str = Field(default="", description="where the weights come from")
    source_sha256: str = Field(
        default="", description="SHA-256 of the file at `source`, as it was pulled, hex"
    )
    source_sha256_published: str = Field(
        default="", description="what the publisher tells of that hash: its first digits, in the file's name"
    )
    commit: str = Field(default="", description="the commit of this repository that trained them")
    trained_on: str = ""
    known_faults: tuple[str, ...] = ()
    calibration: dict[str, dict[str, Curve]] = Field(
        default_factory=dict, description="by language and attribute, the curve that its scores are put on"
    )
    figures: dict[str, Any] = Field(default_factory=dict, description="what was measured, and how")
    networks: Annotated[dict[str, "Manifest"], AfterValidator(_plain)] = Field(
        default_factory=dict, description="its further networks"
    )

    @property
    def hash(self) -> str:
        """Of all that its scores depend on: the weights, and the curves if there are any; hex."""
        weights = self.files[self.weights]
        if not self.calibration:
            return weights
        curves = json.dumps(self.calibration, sort_keys=True)
        return hashlib.sha256(f"{weights} {curves}".encode()).hexdigest()

    @property
    def everything(self) -> str:
        """Hash of all that its scores depend on, tokeniser, graph, languages and further networks too; hex."""
        return hashlib.sha256(json.dumps(self._scoring(), sort_keys=True).encode()).hexdigest()

    def _scoring(self) -> dict[str, Any]:
        networks = {name: network._scoring() for name, network in self.networks.items()}  # noqa: SLF001 - its own kind
        return self.model_dump(include=_SCORING) | {"networks": networks}

    @property
    def every_language(self) -> tuple[str, ...]:
        """What this network and the further ones know, each once."""
        manifests = (self, *self.networks.values())
        return tuple(dict.fromkeys(language for one in manifests for language in one.languages))


class ModelFolder:
    """A model on this machine, its files checked against their checksums.

    Raises:
        ModelCorruptError: a file is missing or differs, or there is no usable manifest.
    """

    def __init__(self, path: Path, manifest: Manifest | None = None) -> None:
        self.path = path
        self.manifest = manifest or read_manifest(path)
        for problem in problems(path, self.manifest):
            raise ModelCorruptError(
                problem, hint=f"run `moderation models pull {self.manifest.name}`, or reinstall"
            )

    @property
    def identity(self) -> str:
        """Name and weight hash, as a decision's provenance has them; of several networks, the hash of their hashes."""
        hashes = [one.hash for one in (self.manifest, *self.manifest.networks.values())]
        whole = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
        return model_identity(self.manifest.name, whole)

    @property
    def networks(self) -> tuple["ModelFolder", ...]:
        """The further networks."""
        return tuple(ModelFolder(self.path / name, one) for name, one in self.manifest.networks.items())

    @property
    def weights(self) -> Path:
        """The file of the weights."""
        return self.path / self.manifest.weights

    @property
    def has_graph(self) -> bool:
        """Whether the ONNX engine can run it."""
        return GRAPH in self.manifest.files


def model_identity(name: str, sha256: str) -> str:
    """Name a model together with its weights: `compact@1a2b3c4d5e6f`."""
    return f"{name}@{sha256[:SHORT]}"


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a model's folder.

    Raises:
        ModelCorruptError: it is missing, or not what it should be.
    """
    try:
        manifest = Manifest.model_validate_json((path / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelCorruptError(f"`{path / MANIFEST}` can't be used ({type(error).__name__})") from None
    for one in (manifest, *manifest.networks.values()):
        if one.weights not in one.files:
            raise ModelCorruptError(f"`{path / MANIFEST}` has no checksum for {one.weights}")
    return manifest


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write the manifest; the same manifest gives the same bytes."""
    text = json.dumps(manifest.model_dump(exclude_defaults=True), indent=2, ensure_ascii=False)
    (path / MANIFEST).write_text(text + "\n", encoding="utf-8")


def problems(path: Path, manifest: Manifest) -> Iterator[str]:
    """Hash every file and yield a sentence for each that is missing or differs."""
    for name, expected in manifest.files.items():
        file = path / name
        if not file.is_file():
            yield f"`{file}` is missing"
        elif sha256_of(file) != expected:
            yield f"`{file}` differs from its checksum"
    for name, network in manifest.networks.items():
        yield from problems(path / name, network)


def checksums(path: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder but the manifest, by name; folders in it are not looked into."""
    files = sorted(file for file in path.iterdir() if file.is_file() and file.name != MANIFEST)
    return {file.name: sha256_of(file) for file in files}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
