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


class TeacherChoices(_Choices):
    """Labels that a teacher gives, or draws to its own."""

    trust: float = Field(ge=0, lt=1, description="how far a given label is drawn to the teacher's")
    sources: tuple[str, ...] = Field(description="whose rows it labels")


class Part(_Choices):
    """One network, for some languages."""

    languages: tuple[str, ...]
    base: str = Field(description="the encoder that it starts from: a folder, or a package that carries one")
    base_else: str | None = Field(default=None, description="the encoder if that one isn't there")
    layers: int = Field(ge=1)
    vocabulary: int | None = None
    emoji: bool = False
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
    sources: dict[str, Source]


class Config(_Choices):
    """A whole run."""

    seed: int
    attributes: tuple[str, ...]
    english: Part
    multilingual: Part

    def part(self, name: str) -> Part:
        """Return a network's choices by its name."""
        return {"english": self.english, "multilingual": self.multilingual}[name]


def read_config(path: Path) -> Config:
    """Read the choices.

    Raises:
        ValidationError: a choice is missing, unknown or out of range.
    """
    return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
