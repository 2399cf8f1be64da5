"""Which models are on this machine, and whether their files are as they should be."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from moderation.errors import ModelCorruptError, UnknownModelError
from moderation.scoring.catalogue import CATALOGUE, EMBEDDED, KnownModel
from moderation.scoring.folder import MANIFEST, Manifest, problems, read_manifest
from moderation.settings import settings

_EMBEDDED_AT = Path(__file__).parent / "weights" / EMBEDDED


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A model of the catalogue, and whether it can be used at once."""

    model: KnownModel
    installed: bool
    path: Path


def known_model(name: str) -> KnownModel:
    """Look a model up in the catalogue.

    Raises:
        UnknownModelError: there is none of this name.
    """
    if model := CATALOGUE.get(name):
        return model
    near = get_close_matches(name, CATALOGUE, n=1)
    raise UnknownModelError(
        f"no model is called `{name}`",
        hint=f"did you mean `{near[0]}`?"
        if near
        else f"there are {', '.join(CATALOGUE)}, or the path of a checkpoint",
    )


def folder_of(name: str) -> Path:
    """Where a model lies once it is installed."""
    return _EMBEDDED_AT if name == EMBEDDED else settings().models_dir / name


def pinned_at(name: str) -> Path:
    """Where it is recorded what the first pull of a model got: beside its folder, and kept when that is deleted."""
    return folder_of(name).with_name(f"{name}.pinned.json")


def is_installed(name: str) -> bool:
    """Tell whether a model is on this machine; a pull puts it there as a whole or not at all."""
    return (folder_of(name) / MANIFEST).is_file()


def manifest_of(model: str) -> Manifest | None:
    """Read the manifest of an installed model, or of a model's folder; `None` of a bare checkpoint."""
    path = folder_of(model) if model in CATALOGUE else Path(model)
    return read_manifest(path) if (path / MANIFEST).is_file() else None


def list_models() -> list[ModelStatus]:
    """List the catalogue, the embedded model first."""
    return [ModelStatus(model, is_installed(name), folder_of(name)) for name, model in CATALOGUE.items()]


def verify(name: str) -> list[str]:
    """Hash every file of a model and compare with its manifest: a sentence for each problem, none if all is well.

    Raises:
        UnknownModelError: there is no model of this name.
    """
    path = folder_of(known_model(name).name)
    if not is_installed(name):
        return [f"`{name}` is not on this machine"]
    try:
        return list(problems(path, read_manifest(path)))
    except ModelCorruptError as error:
        return [error.what]
