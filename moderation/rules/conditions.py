"""The conditions of a rule's `when`. `When` is the table of them: a new condition is a class and a line there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import ConfigDict, Field, RootModel, StrictBool, model_validator

from moderation.domain import Author, SignalName, Span
from moderation.rules.facts import Facts
from moderation.rules.findings import Finding, refuse
from moderation.rules.sections import Attribute, FoundLanguage, Name, OneOrMore, Section
from moderation.rules.values import AgeComparison, Comparison, CountComparison, ShareComparison

_Section = TypeVar("_Section", bound=Section)


@dataclass(frozen=True, slots=True)
class Hit:
    """That a condition holds: the evidence, and what in the text it is about."""

    evidence: Mapping[str, Any]
    spans: tuple[Span, ...] = ()


class Condition(Protocol):
    """Something that holds for a comment or not."""

    def hit(self, facts: Facts) -> Hit | None:
        """Return the evidence if the condition holds, `None` if not or if what it asks for is unknown."""
        ...


class Links(RootModel[CountComparison]):
    """How many links the comment has: `links: "> 2"`."""

    model_config = ConfigDict(frozen=True)

    def hit(self, facts: Facts) -> Hit | None:
        """Count the links, if they were looked for."""
        if "links" not in facts.answered:
            return None
        found = facts.all(SignalName.LINK)
        if not self.root.holds(len(found)):
            return None
        return Hit({"links": len(found)}, tuple(span for signal in found for span in signal.spans))


class AuthorIs(Section):
    """What the author must be, as far as the comment system tells; nothing hits on what it doesn't."""

    account_age: AgeComparison | None = Field(None, description="time since the account was made")
    approved_comments: CountComparison | None = Field(None, description="comments approved so far")
    rejection_rate: ShareComparison | None = Field(None, description="share of comments rejected")
    is_trusted: StrictBool | None = Field(None, description="whether the site trusts the author")

    @model_validator(mode="after")
    def _not_empty(self) -> "AuthorIs":
        return _refuse_empty(self, "`author` says nothing about the author")

    def hit(self, facts: Facts) -> Hit | None:
        """Compare every fact asked for."""
        author = facts.comment.author
        if author is None:
            return None
        known = _numbers(author)
        for name in self.model_fields_set:
            if not _is_as_wanted(getattr(self, name), known[name]):
                return None
        return Hit({_EVIDENCE.get(name, name): known[name] for name in sorted(self.model_fields_set)})


_EVIDENCE = {"account_age": "account_age_s"}


def _is_as_wanted(wanted: object, actual: float | None) -> bool:
    if actual is None:
        return False
    return wanted.holds(actual) if isinstance(wanted, Comparison) else wanted == actual


def _numbers(author: Author) -> dict[str, float | None]:
    """Return the facts as numbers, an age in seconds."""
    age = author.account_age
    return {
        "account_age": None if age is None else age.total_seconds(),
        "approved_comments": author.approved_comments,
        "rejection_rate": author.rejection_rate,
        "is_trusted": author.is_trusted,
    }


class Scores(RootModel[dict[Attribute, ShareComparison]]):
    """What attributes score: `scores: {toxicity: ">= 0.4"}`; all that are named must hold."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _not_empty(self) -> "Scores":
        if not self.root:
            raise refuse(Finding("`scores` names no attribute", 'write `{toxicity: ">= 0.4"}`'))
        return self

    def hit(self, facts: Facts) -> Hit | None:
        """Compare every score asked for."""
        scores = facts.scores
        for attribute, wanted in self.root.items():
            if attribute not in scores or not wanted.holds(scores[attribute]):
                return None
        return Hit({attribute: scores[attribute] for attribute in self.root})


class LanguageIs(
    RootModel[Annotated[tuple[FoundLanguage, ...], Field(strict=False, min_length=1), OneOrMore]]
):
    """Which language it is in: `language: de`, or any of `language: [de, und]`."""

    model_config = ConfigDict(frozen=True)

    def hit(self, facts: Facts) -> Hit | None:
        """Compare the language found."""
        return Hit({"language": facts.language}) if facts.language in self.root else None


class Words(RootModel[Annotated[tuple[Name, ...], Field(strict=False, min_length=1), OneOrMore]]):
    """An entry of a word list: `words: slurs`, or any of several lists."""

    model_config = ConfigDict(frozen=True)

    def hit(self, facts: Facts) -> Hit | None:
        """Collect what was found of the lists asked for."""
        found = [signal for signal in facts.all(SignalName.WORD) if signal.key in self.root]
        if not found:
            return None
        entries = list(dict.fromkeys(str(signal.value) for signal in found))
        lists = list(dict.fromkeys(signal.key for signal in found))
        return Hit({"words": entries, "lists": lists}, tuple(span for s in found for span in s.spans))


class When(Section):
    """When a rule fires: every condition that it names must hold."""

    links: Links | None = Field(None, description="how many links the comment has")
    author: AuthorIs | None = Field(None, description="who wrote it")
    scores: Scores | None = Field(None, description="what attributes score")
    language: LanguageIs | None = Field(None, description="which language it is in")
    words: Words | None = Field(None, description="which word lists it hits")

    @model_validator(mode="after")
    def _not_empty(self) -> "When":
        return _refuse_empty(self, "a rule without a condition would fire on every comment")

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that are named, in the order of the table."""
        return tuple(value for name in type(self).model_fields if (value := getattr(self, name)) is not None)


def _refuse_empty(section: _Section, message: str) -> _Section:
    if not section.model_fields_set:
        names = ", ".join(f"`{name}`" for name in type(section).model_fields)
        raise refuse(Finding(message, f"add at least one of {names}"))
    return section
