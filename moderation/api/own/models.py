"""What our own `/v1` takes, and in which form: nothing unknown, and a number in quotes is no number."""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, WrapValidator, model_validator
from typing_extensions import override

from moderation.api.own.kinds import (
    MOST_LETTERS,
    AttributeName,
    CommentId,
    Count,
    ExternalId,
    LanguageTag,
    PersonName,
    ScoreValue,
    Site,
    Uid,
    WrittenMoment,
)
from moderation.domain import Author, Comment

MOST = 500
"""Verdicts or labels of one request."""

_AGE_S = 10_000_000_000  # 300 years


class _Form(BaseModel):
    """What is sent: unknown fields are refused, and a number in quotes is no number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AuthorIn(_Form):
    """Who wrote a comment. What is left out is unknown, and no rule hits on it."""

    id: Annotated[str, Field(max_length=1000, description="Your own id of the author.")]
    name: Annotated[str | None, Field(max_length=500, description="The name that readers see.")] = None
    account_age: Annotated[
        float | None,
        Field(ge=0, le=_AGE_S, description="Age of the account when the comment was written, in seconds."),
    ] = None
    approved_comments: Annotated[Count | None, Field(description="Comments of theirs approved so far.")] = (
        None
    )
    rejection_rate: Annotated[ScoreValue | None, Field(description="Share of theirs rejected, 0-1.")] = None
    is_trusted: Annotated[bool | None, Field(description="Whether the site trusts them.")] = None
    is_moderator: Annotated[bool | None, Field(description="Whether they moderate the site.")] = None

    def author(self) -> Author:
        """Return the author."""
        known = self.model_dump(exclude={"account_age"})
        age = None if self.account_age is None else timedelta(seconds=self.account_age)
        return Author(**known, account_age=age)


class CommentIn(_Form):
    """What an author wrote."""

    text: Annotated[str, Field(max_length=MOST_LETTERS, description="As written; it may be empty.")]
    site: Site = None
    external_id: ExternalId | None = None
    revision: Annotated[Count, Field(description="0, and one more with each edit.")] = 0
    thread: Annotated[str | None, Field(max_length=4000, description="The article it hangs under.")] = None
    author: AuthorIn | None = None
    created_at: Annotated[
        WrittenMoment | None,
        Field(description="When it was written; left out: now. A time without a zone is UTC."),
    ] = None
    locale: Annotated[
        LanguageTag | None,
        Field(description="Language of the sentences for the author; left out: the ruleset's."),
    ] = None
    is_top_level: Annotated[bool | None, Field(description="Whether it answers the article itself.")] = None
    reports: Annotated[Count | None, Field(description="How many readers have reported it.")] = None

    def comment(self, site: str) -> Comment:
        """Return the comment, on a site."""
        plain = self.model_dump(exclude={"site", "author"})
        return Comment(**plain, site=site, author=self.author.author() if self.author else None)


class NewCommentIn(CommentIn):
    """A comment to decide and store, once for its site, external id and revision."""

    external_id: ExternalId


def _either(*names: str) -> dict[str, Any]:
    kinds = {"text": "string", "external_id": "string", "comment_id": "integer"}
    return {"anyOf": [{"required": [name], "properties": {name: {"type": kinds[name]}}} for name in names]}


class _AboutComment(_Form):
    site: Site = None
    external_id: ExternalId | None = None
    comment_id: CommentId | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if self.external_id is None and self.comment_id is None and not self._names_itself:
            raise ValueError("name the comment, by `external_id` or `comment_id`")
        return self

    @property
    def _names_itself(self) -> bool:
        return False


class VerdictIn(_AboutComment):
    """What a moderator decided about a stored comment: its latest revision, if it is named by `external_id`."""

    verdict: Annotated[Literal["approve", "reject"], Field(description="What was decided.")]
    by: Annotated[PersonName | None, Field(description="Who decided; left out: the name of the key.")] = None
    reason: Annotated[str, Field(max_length=1000, description="The rule that a rejection is about.")] = ""
    note: Annotated[str, Field(max_length=10_000, description="For colleagues.")] = ""
    uid: Annotated[
        Uid | None,
        Field(description="A UUID of the verdict: the same one is applied once, so it is safe to repeat."),
    ] = None
    at: Annotated[WrittenMoment | None, Field(description="When it was decided; left out: now.")] = None

    model_config = ConfigDict(json_schema_extra=_either("external_id", "comment_id"))


class LabelIn(_AboutComment):
    """How much of each attribute a text has, by somebody's judgement: a text, or a stored comment's."""

    text: Annotated[
        str | None, Field(min_length=1, max_length=100_000, description="Left out: the stored comment's.")
    ] = None
    language: LanguageTag | None = None
    scores: Annotated[
        dict[AttributeName, ScoreValue],
        Field(
            min_length=1,
            max_length=50,
            description="By attribute, 0-1: `toxicity`, …",
            json_schema_extra={"additionalProperties": False},
        ),
    ]

    model_config = ConfigDict(json_schema_extra=_either("text", "external_id", "comment_id"))

    @property
    @override
    def _names_itself(self) -> bool:
        return self.text is not None


class AppealIn(_AboutComment):
    """An author's objection to a comment that is not published."""

    text: Annotated[str, Field(min_length=1, max_length=20_000, description="What the author says.")]

    model_config = ConfigDict(json_schema_extra=_either("external_id", "comment_id"))


_Item = TypeVar("_Item", bound=BaseModel)
_SEVERAL = Field(min_length=1, max_length=MOST)


def _singly(kind: type[_Item], many: TypeAdapter[list[_Item]]) -> WrapValidator:
    """Read one or a list. A place in a list is named as such, `#/3/uid`, and not as a member of a union."""
    return WrapValidator(
        lambda value, _: (
            many.validate_python(value) if isinstance(value, list) else kind.model_validate(value)
        )
    )


_VERDICTS: TypeAdapter[list[VerdictIn]] = TypeAdapter(Annotated[list[VerdictIn], _SEVERAL])
_LABELS: TypeAdapter[list[LabelIn]] = TypeAdapter(Annotated[list[LabelIn], _SEVERAL])

OneOrMoreVerdicts: TypeAlias = Annotated[
    VerdictIn | Annotated[list[VerdictIn], _SEVERAL], _singly(VerdictIn, _VERDICTS)
]
OneOrMoreLabels: TypeAlias = Annotated[
    LabelIn | Annotated[list[LabelIn], _SEVERAL], _singly(LabelIn, _LABELS)
]
