"""A rule's `when`: the table of all conditions. A new one is a class and a line here."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import override

from moderation.rules.conditions.author import AuthorIs
from moderation.rules.conditions.base import Answer, Condition, Holds, No, all_hold, any_holds
from moderation.rules.conditions.counts import (
    IsEdited,
    IsTopLevel,
    Links,
    LongerThan,
    Repeated,
    Reports,
    ShorterThan,
)
from moderation.rules.conditions.facts import Facts
from moderation.rules.conditions.keys import FIELDS, MEANT
from moderation.rules.conditions.scores import CheckOutcome, LanguageConfidence, LanguageIs, Scores, Words
from moderation.rules.conditions.sought import Sought
from moderation.rules.conditions.text import TextCondition, TextKeys
from moderation.rules.conditions.times import WrittenAt
from moderation.rules.reading.faults import Fault, refuse

_Several = Annotated[tuple["When", ...], Field(strict=False, min_length=1)]


def _one_map(value: object) -> object:
    if isinstance(value, list):
        raise refuse(
            Fault(
                "`not` takes one map of conditions, not a list",
                "write `not: {any: [...]}` for none of them, `not: {all: [...]}` for not all",
            )
        )
    return value


class When(TextKeys):
    """When a rule fires: every condition that it names must hold."""

    aliases: ClassVar = {**{field: field for field in FIELDS}, "author": "author.name"}

    links: Links | None = Field(None, description="how many links the comment has")
    author: AuthorIs | None = Field(None, description="who wrote it")
    scores: Scores | None = Field(None, description="what attributes score")
    language: LanguageIs | None = Field(None, description="which language it is in")
    language_confidence: LanguageConfidence | None = Field(None, description="how sure that is")
    words: Words | None = Field(None, description="which word lists it hits")
    body_longer_than: LongerThan | None = Field(None, description="it has more letters than this")
    body_shorter_than: ShorterThan | None = Field(None, description="it has fewer letters than this")
    is_top_level: IsTopLevel | None = Field(None, description="whether it answers the article itself")
    is_edited: IsEdited | None = Field(None, description="whether it was changed after it was written")
    reports: Reports | None = Field(None, description="how many readers have reported it")
    repeated: Repeated | None = Field(None, description="how often the same was said before")
    time: WrittenAt | None = Field(None, description="when it was written")
    check_outcome: CheckOutcome | None = Field(None, description="how checks ended")
    some: _Several | None = Field(None, alias="any", description="maps of conditions; one must hold")
    each: _Several | None = Field(None, alias="all", description="maps of conditions; all must hold")
    negated: Annotated["When", BeforeValidator(_one_map)] | None = Field(
        None, alias="not", description="a map of conditions that must not all hold"
    )

    @classmethod
    @override
    def _is_text(cls, key: str, value: object) -> bool:
        if key == "author":  # AutoModerator's short form for the name
            return isinstance(value, (str, list))
        return super()._is_text(key, value)

    @classmethod
    @override
    def hint_for(cls, key: str) -> str:
        """Say what to write instead of another system's word, too."""
        if key.endswith(")") and "(" not in key:
            return 'within { }, a key with a comma needs quotes: "body (regex, includes)"'
        meant = MEANT.get(key.lower())
        return f"did you mean `{meant}`?" if meant else super().hint_for(key)

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.model_fields_set:
            hint = 'write `body: [a word, another]`, `links: "> 2"` or another condition of docs/rules.md'
            raise refuse(Fault("a rule without a condition would fire on every comment", hint))
        return self

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that are named, text first: what most comments fail at a glance."""
        texts: list[Condition] = list(self.texts.values())
        named: list[Condition | None] = [getattr(self, name) for name in _NAMED]
        nested = [_Some(self.some) if self.some else None, _Not(self.negated) if self.negated else None]
        found = [*texts, *named, *(self.each or ()), *nested]
        return tuple(condition for condition in found if condition is not None)

    @property
    def placeholders(self) -> frozenset[str]:
        """What any of the conditions fills."""
        return frozenset(name for condition in self.conditions for name in condition.placeholders)

    def must_be_found(self) -> Sought | None:
        """Return something without which this can't hold; `None` if no condition looks for anything."""
        return next(
            (one.sought for one in self.texts.values() if isinstance(one, TextCondition) and not one.negated),
            None,
        )

    def all_conditions(self) -> Iterator[Condition]:
        """Yield every condition, nested ones too, but for the maps that hold others."""
        yield from self.texts.values()
        for name in _NAMED:
            if (condition := getattr(self, name)) is not None:
                yield condition
        yield from self.author.texts.values() if self.author else ()
        for when in (*(self.some or ()), *(self.each or ()), *([self.negated] if self.negated else [])):
            yield from when.all_conditions()

    def hit(self, facts: Facts) -> Answer:
        """Ask every condition, until one is known not to hold."""
        answers: list[Answer] = []
        for condition in self.conditions:
            answer = condition.hit(facts)
            if answer is No.MISS:
                return No.MISS
            answers.append(answer)
        return all_hold(answers)


_NAMED = tuple(name for name in When.model_fields if name not in {"texts", "some", "each", "negated"})


@dataclass(frozen=True, slots=True)
class _Some:
    """One of several maps of conditions holds."""

    whens: tuple[When, ...]

    @property
    def placeholders(self) -> list[str]:
        return [name for when in self.whens for name in when.placeholders]

    def hit(self, facts: Facts) -> Answer:
        return any_holds([when.hit(facts) for when in self.whens])


@dataclass(frozen=True, slots=True)
class _Not:
    """A map of conditions is known not to hold."""

    when: When

    @property
    def placeholders(self) -> tuple[str, ...]:
        return ()

    def hit(self, facts: Facts) -> Answer:
        answer = self.when.hit(facts)
        if answer is No.UNKNOWN:
            return No.UNKNOWN
        return No.MISS if isinstance(answer, Holds) else Holds({})
