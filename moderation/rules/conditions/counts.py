"""Conditions on how much and how often: links, length, reports, repetition."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    RootModel,
    StrictBool,
    model_validator,
)

from moderation.domain import SignalName
from moderation.rules.conditions.base import Answer, Holds, No, all_hold, refuse_empty
from moderation.rules.conditions.facts import Facts
from moderation.rules.reading.faults import Fault, kind_of_value, quoted, refuse
from moderation.rules.values.comparisons import (
    Comparison,
    CountComparison,
    ReportComparison,
    count_comparison,
)
from moderation.rules.values.durations import Duration, read_duration, repeat_key
from moderation.rules.values.editing import AS_TEXT
from moderation.rules.values.sections import Section


class Links(RootModel[CountComparison]):
    """How many links the comment has: `links: "> 2"`."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ("limit",)

    def hit(self, facts: Facts) -> Answer:
        """Count the links, if they were looked for."""
        if "links" not in facts.answered:
            return No.UNKNOWN
        found = facts.all(SignalName.LINK)
        if not self.root.holds(len(found)):
            return No.MISS
        spans = tuple(span for signal in found for span in signal.spans)
        return Holds({"links": len(found)}, spans, {"limit": self.root.limit})


class _Length(RootModel[Annotated[int, Field(ge=0, le=1_000_000)]]):
    model_config = ConfigDict(frozen=True, strict=True)
    placeholders: ClassVar = ("limit",)

    def _compared(self, facts: Facts, sign: str) -> Answer:
        graphemes = facts.number(SignalName.GRAPHEMES)
        if graphemes is None:
            return No.UNKNOWN
        holds = graphemes > self.root if sign == ">" else graphemes < self.root
        return Holds({"graphemes": int(graphemes)}, fills={"limit": f"{self.root:,}"}) if holds else No.MISS


class LongerThan(_Length):
    """The text, without the blanks around it, has more letters than this, as a reader counts them."""

    def hit(self, facts: Facts) -> Answer:
        """Compare the length."""
        return self._compared(facts, ">")


class ShorterThan(_Length):
    """The text, without the blanks around it, has fewer letters than this, as a reader counts them."""

    def hit(self, facts: Facts) -> Answer:
        """Compare the length."""
        return self._compared(facts, "<")


class IsTopLevel(RootModel[StrictBool]):
    """Whether it answers the article itself, and no other comment."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ()

    def hit(self, facts: Facts) -> Answer:
        """Compare, if the comment system says."""
        actual = facts.comment.is_top_level
        if actual is None:
            return No.UNKNOWN
        return Holds({"is_top_level": actual}) if actual == self.root else No.MISS


class IsEdited(RootModel[StrictBool]):
    """Whether the author changed it after it was first written."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ()

    def hit(self, facts: Facts) -> Answer:
        """Compare."""
        actual = facts.comment.is_edited
        return Holds({"is_edited": actual}) if actual == self.root else No.MISS


def _at_least(value: object) -> object:
    """Take a bare number as AutoModerator does: so many or more."""
    return f">= {value}" if isinstance(value, int) and not isinstance(value, bool) else value


class Reports(RootModel[Annotated[ReportComparison, BeforeValidator(_at_least)]]):
    """How many readers have reported it: `reports: ">= 3"`, or `reports: 3`, which is the same."""

    model_config = ConfigDict(frozen=True)
    placeholders: ClassVar = ("limit",)

    def hit(self, facts: Facts) -> Answer:
        """Compare, if the comment system says."""
        reports = facts.comment.reports
        if reports is None:
            return No.UNKNOWN
        if not self.root.holds(reports):
            return No.MISS
        return Holds({"reports": reports}, fills={"limit": self.root.limit})


@dataclass(frozen=True, slots=True)
class Often:
    """How often within how long: `>= 2 in 10 minutes`."""

    comparison: Comparison
    window: Duration


def _often(value: object) -> Often:
    example = 'write it as ">= 2 in 10 minutes"'
    if not isinstance(value, str):
        wrote = quoted(value) if isinstance(value, (int, float)) else kind_of_value(value)
        raise refuse(Fault(f"{wrote} does not say how often, and within how long", example))
    count, word, window = value.partition(" in ")
    if not word:
        raise refuse(Fault(f"{quoted(value)} does not say within how long", example))
    return Often(count_comparison(count.strip()), read_duration(window.strip()))


class Repeated(Section):
    """How often the same was said before: by the author, or under the same article."""

    placeholders: ClassVar = ("limit",)

    author: Annotated[Often, PlainValidator(_often), AS_TEXT] | None = Field(
        None, description="earlier comments by the same author, such as >= 2 in 10 minutes"
    )
    thread: Annotated[Often, PlainValidator(_often), AS_TEXT] | None = Field(
        None, description="earlier comments under the same article, such as >= 3 in 1 hour"
    )

    @model_validator(mode="before")
    @classmethod
    def _by_the_author(cls, data: object) -> object:
        return data if isinstance(data, dict) else {"author": data}

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        return refuse_empty(self, "`repeated` does not say by whom")

    @property
    def windows(self) -> list[Duration]:
        """The windows in which repetition must be counted."""
        return [often.window for often in (self.author, self.thread) if often]

    def hit(self, facts: Facts) -> Answer:
        """Compare every count asked for."""
        wanted = {name: often for name in ("author", "thread") if (often := getattr(self, name))}
        return all_hold([_counted(name, often, facts) for name, often in wanted.items()])


def _counted(name: str, often: Often, facts: Facts) -> Answer:
    repeats = facts.number(SignalName.REPEATED, repeat_key(name, often.window.time))
    if repeats is None:
        return No.UNKNOWN
    if not often.comparison.holds(repeats):
        return No.MISS
    evidence = {f"repeats_{name}": int(repeats), "window": often.window.text}
    return Holds(evidence, fills={"limit": often.comparison.limit})
