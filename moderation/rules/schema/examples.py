"""Comments that a rule must catch, and comments that it must not: written beside the rule, run by `rules test`."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, PlainValidator, StrictBool, model_validator

from moderation.domain import Author, Comment
from moderation.rules.reading.faults import Fault, refuse
from moderation.rules.values.comparisons import ShareOrPercent
from moderation.rules.values.dates import Moment, read_moment
from moderation.rules.values.durations import Duration, read_duration
from moderation.rules.values.editing import AS_TEXT, TEXT, Before, or_else
from moderation.rules.values.sections import Attribute, FoundLanguage, OneOrMore, Section, Share


class ExampleAuthor(Section):
    """Who wrote an example, as far as it matters."""

    id: str = Field("example", min_length=1, description="the comment system's id of the author")
    name: str | None = Field(None, description="the name that readers see")
    account_age: Annotated[Duration, PlainValidator(read_duration), AS_TEXT] | None = Field(
        None, description="how old the account is, such as 2 days"
    )
    approved_comments: int | None = Field(None, ge=0, description="comments approved so far")
    rejection_rate: ShareOrPercent | None = Field(None, description="share of comments rejected")
    is_trusted: StrictBool | None = Field(None, description="whether the site trusts the author")
    is_moderator: StrictBool | None = Field(None, description="whether the author moderates the site")

    def author(self) -> Author:
        """Return the author that the checks and rules are to see."""
        age: timedelta | None = self.account_age.time if self.account_age else None
        return Author(
            self.id,
            name=self.name,
            account_age=age,
            approved_comments=self.approved_comments,
            rejection_rate=self.rejection_rate,
            is_trusted=self.is_trusted,
            is_moderator=self.is_moderator,
        )


class Example(Section):
    """A comment. What isn't given is unknown; scores and a language that are given stand for the checks'."""

    text: str = Field(description="what was written")
    author: ExampleAuthor | None = Field(None, description="who wrote it")
    thread: str | None = Field(None, description="the article that it hangs under")
    created_at: Annotated[Moment, PlainValidator(read_moment), AS_TEXT] | None = Field(
        None, description="when it was written, such as 2026-11-25 22:30"
    )
    is_top_level: StrictBool | None = Field(None, description="whether it answers the article itself")
    reports: int | None = Field(None, ge=0, description="how many readers have reported it")
    revision: int = Field(0, ge=0, description="how often it was edited")
    language: FoundLanguage | None = Field(None, description="its language, instead of the check's answer")
    scores: dict[Attribute, Share] = Field(
        default_factory=dict, description="what attributes score, instead of the model's answer"
    )

    def comment(self) -> Comment:
        """Return the comment that the checks and rules are to see."""
        return Comment(
            self.text,
            thread=self.thread,
            author=self.author.author() if self.author else None,
            created_at=self.created_at.time if self.created_at else None,
            is_top_level=self.is_top_level,
            reports=self.reports,
            revision=self.revision,
        )


def _text_alone(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


ExampleField = Annotated[Example, Before(_text_alone, or_else(TEXT))]
"""An example; a text stands for one with nothing else."""


_Examples = Annotated[
    tuple[ExampleField, ...],
    Field(strict=False, min_length=1),
    OneOrMore,
]


class Examples(Section):
    """What a rule is tested on."""

    match: _Examples | None = Field(None, description="comments that fire the rule")
    no_match: _Examples | None = Field(None, description="comments that do not")

    @model_validator(mode="before")
    @classmethod
    def _of_two_kinds(cls, data: object) -> object:
        if isinstance(data, (list, str)):
            hint = "write `examples: {match: [...], no_match: [...]}`"
            raise refuse(Fault("`examples` must say which comments match, and which do not", hint))
        return data

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.model_fields_set:
            raise refuse(Fault("`examples` shows no comment", "add `match` or `no_match`"))
        return self
