"""The choices of a training run, read from one TOML file."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class _Choices(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Choices):
    """How much one source of comments counts."""

    weight: float = Field(gt=0, description="how much a row counts in the loss")
    share: float = Field(gt=0, description="how many of its rows an epoch takes; 2 takes each twice")
    share_in: dict[str, float] = Field(default={}, description="another share of its rows in a language")


class TeacherChoices(_Choices):
    """Labels that a teacher gives, or draws to its own."""

    trust: float = Field(ge=0, lt=1, description="how far a given label is drawn to the teacher's")
    sources: tuple[str, ...] = Field(description="whose rows it labels")
    networks: tuple[str, ...] = Field(
        default=(), description="folders of trained networks whose mean logit it is; none: what is shipped"
    )


class Capped(_Choices):
    """Rows of which only hate was judged: not hateful is not harmless, so their toxicity is capped, not 0."""

    share: float = Field(gt=0, le=1, description="toxicity is this share of the shipped network's score,")
    limit: float = Field(gt=0, le=1, description="and no more than this")
    sources: tuple[str, ...]


class Part(_Choices):
    """One network, for some languages; or a first stage of one."""

    languages: tuple[str, ...]
    base: str = Field(
        description="what it starts from: an earlier part, a folder, or a package that carries one"
    )
    base_else: str | None = Field(default=None, description="the encoder if that one isn't there")
    layers: int = Field(ge=1)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    vocabulary: int | None = None
    emoji: bool = False
    compiled: bool = Field(default=False, description="torch.compile: a sixth faster; needs a C++ compiler")
    max_tokens: int = Field(ge=16, le=512)
    tokens_per_batch: int = Field(ge=512)
    epochs: float = Field(gt=0)
    learning_rate: float = Field(gt=0)
    warmup: float = Field(ge=0, lt=1)
    weight_decay: float = Field(ge=0)
    average_over: float = Field(gt=0, le=1)
    augmented: float = Field(ge=0, le=1)
    templates: int = Field(ge=0)
    calibrate_on: tuple[str, ...]
    teacher: TeacherChoices | None = None
    ngrams: TeacherChoices | None = None
    shipped: TeacherChoices | None = None
    capped: Capped | None = None
    sources: dict[str, Source]


class Config(_Choices):
    """A whole run."""

    seed: int
    attributes: tuple[str, ...]
    parts: dict[str, Part] = Field(description="in the order of training")


def read_config(path: Path) -> Config:
    """Read the choices.

    Raises:
        ValidationError: a choice is missing, unknown or out of range.
    """
    return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
