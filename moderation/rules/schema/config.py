"""The schema of rules.yaml: one model a section, with its defaults. docs/rules.md explains every key."""

from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from typing_extensions import override

from moderation.domain import Action
from moderation.rules.reading.faults import Fault, one_of, quoted, refuse
from moderation.rules.schema.rule import Rule
from moderation.rules.schema.thresholds import Thresholds, dead_in_language, default_thresholds
from moderation.rules.values.durations import Duration, read_duration
from moderation.rules.values.editing import AS_TEXT, as_one_of
from moderation.rules.values.failures import OnFailure
from moderation.rules.values.sections import (
    ActionField,
    LanguageCode,
    Locale,
    Name,
    Off,
    OneOrMore,
    Section,
    Share,
)

BYTES_PER_GRAPHEME = 16
"""Room for a family emoji now and then, none for a tower of stacked marks under every letter."""

__all__ = ["LanguageSection", "Length", "Repetition", "Rule", "RulesConfig", "Toxicity"]


class Length(Section):
    """How long a comment may be, after trimming."""

    min: int = Field(1, ge=1, description="least length in graphemes: what a reader calls letters")
    max: int = Field(300, ge=1, le=100_000, validate_default=True, description="greatest length in graphemes")
    max_bytes: int = Field(
        default_factory=lambda data: BYTES_PER_GRAPHEME * data.get("max", 300),
        ge=1,
        description="greatest length in bytes of UTF-8; 16 × max if not given",
    )
    action: ActionField = Field(Action.REJECT, description="what happens to a comment of another length")

    @field_validator("max")
    @classmethod
    def _above_min(cls, value: int, info: ValidationInfo) -> int:
        least = info.data.get("min", 1)
        if value < least:
            raise refuse(
                Fault(f"`max` {value} is below `min` {least}", "swap them, or delete one of the two")
            )
        return value

    @field_validator("max_bytes")
    @classmethod
    def _holds_max(cls, value: int, info: ValidationInfo) -> int:
        longest = info.data.get("max", 1)
        if value < longest:
            hint = f"write {BYTES_PER_GRAPHEME * longest}, or delete the line"
            raise refuse(Fault(f"{value} bytes can't hold {longest} letters of 1 to 4 bytes each", hint))
        return value


class Repetition(Section):
    """When the same text again is too often. Texts are compared after normalisation."""

    window: Annotated[Duration, PlainValidator(read_duration), AS_TEXT] = Field(
        default_factory=lambda: read_duration("10 minutes"), description="how far back earlier comments count"
    )
    author: Annotated[Annotated[int, Field(ge=1)] | None, Off] = Field(
        1, description="how many earlier comments of the same author may not say the same; false: any number"
    )
    thread: Annotated[Annotated[int, Field(ge=1)] | None, Off] = Field(
        3, description="how many earlier comments in the same thread may not say the same; false: any number"
    )
    min_length: int = Field(12, ge=0, description="shorter texts, such as `lol`, are never counted")
    action: ActionField = Field(Action.HOLD, description="what happens to a comment that repeats")


class LanguageSection(Section):
    """Which languages the site is written in."""

    expected: Annotated[tuple[LanguageCode, ...], Field(strict=False, min_length=1)] = Field(
        ("en", "ko"), description="languages that comments are expected in"
    )
    min_letters: int = Field(12, ge=0, description="shorter texts are not guessed at")
    min_confidence: Share = Field(0.6, description="a guess less sure than this counts as undetermined")
    unexpected: ActionField = Field(Action.HOLD, description="what happens to a comment in another language")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        faults = [
            Fault(f"{quoted(code)} is listed twice", "delete one of the two", ("expected", place))
            for place, code in enumerate(self.expected)
            if code in self.expected[:place]
        ]
        if faults:
            raise refuse(*faults)
        return self


_ENGINES = ("auto", "onnx", "torch")


class Toxicity(Section):
    """Which model scores comments, and from which score on what happens."""

    model: str = Field("compact", min_length=1, description="name of a model, or path of a checkpoint")
    engine: Annotated[
        Literal["auto", "onnx", "torch"], PlainValidator(one_of("an engine", _ENGINES)), as_one_of(_ENGINES)
    ] = Field("auto", description="what computes the scores")
    timeout_ms: int = Field(800, ge=1, le=600_000, description="how long a score may take")
    thresholds: Thresholds = Field(
        default_factory=default_thresholds, description="per attribute: from which score on what happens"
    )
    by_language: dict[LanguageCode, Thresholds] = Field(
        default_factory=dict, description="per language: thresholds that differ"
    )

    @model_validator(mode="after")
    def _alive_in_each_language(self) -> Self:
        faults = list(dead_in_language(self.thresholds, self.by_language))
        if faults:
            raise refuse(*faults)
        return self


def _version(value: object) -> int:
    if value == 1 and type(value) is int:
        return 1
    written = f"the text {quoted(value)}" if isinstance(value, str) else quoted(value)
    raise refuse(Fault(f"this release reads version 1 of the format, not {written}", "write `version: 1`"))


def _nothing(empty: object) -> BeforeValidator:
    """Let a key stand with nothing after it, as when all its entries are commented out."""
    return BeforeValidator(lambda value: empty if value is None else value)


class RulesConfig(Section):
    """All of rules.yaml. Everything but the version may be left out."""

    @classmethod
    @override
    def hint_for(cls, key: str) -> str:
        """Say what an AutoModerator page needs before it is a ruleset."""
        if key in {
            "type",
            "body",
            "title",
            "domain",
            "author",
            "action",
            "comment",
            "modmail",
            "action_reason",
        }:
            return "`moderation rules import automoderator` turns an AutoModerator page into rules"
        return super().hint_for(key)

    version: Annotated[int, PlainValidator(_version), WithJsonSchema({"type": "integer"})] = Field(
        description="version of this format: 1"
    )
    extends: str | None = Field(None, min_length=1, description="a file whose values this one lies over")
    include: (
        Annotated[
            tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False, min_length=1), OneOrMore
        ]
        | None
    ) = Field(None, description="files with further rules and word lists, such as lists/*.yaml")
    locale: Locale = Field("en", description="language of the sentences for authors, unless a comment says")
    length: Length = Field(default_factory=Length)
    repetition: Annotated[Repetition | None, Off] = Field(default_factory=Repetition)
    language: Annotated[LanguageSection | None, Off] = Field(default_factory=LanguageSection)
    toxicity: Annotated[Toxicity | None, Off] = Field(default_factory=Toxicity)
    on_failure: OnFailure = Field(default_factory=OnFailure)
    word_lists: Annotated[dict[Name, Annotated[str, Field(min_length=1)]], _nothing({})] = Field(
        default_factory=dict, description="per name: the file with the words, or a list that is shipped"
    )
    rules: Annotated[tuple[Rule, ...], Field(strict=False), _nothing(())] = Field(
        (), description="the site's own rules"
    )
