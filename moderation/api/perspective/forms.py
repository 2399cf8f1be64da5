"""Requests as Perspective's clients send them: protobuf's JSON, and what PHP and Jigsaw's own client make of it.

Any field may be `null`, which is as if it was not there, or be called in snake_case; `[]` may stand for `{}`.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from moderation.api.perspective.envelope import PerspectiveError
from moderation.api.reading import as_model, parse_json, whole_letters
from moderation.errors import RequestError

MAX_BYTES = 20_480
"""Longest text, in bytes of UTF-8."""

_MOST_LANGUAGES = 50
_SHOWN = 200

_Any = TypeVar("_Any", bound=BaseModel)


def _object(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return {} if value is None or value == [] else value


class _Form(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, strict=True, frozen=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        value = _object(value)
        return (
            {name: one for name, one in value.items() if one is not None}
            if isinstance(value, dict)
            else value
        )


class TextEntry(_Form):
    """A text, and what kind it is of."""

    text: str = ""
    type: Literal["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML"] = "PLAIN_TEXT"


class ArticleAndParentComment(_Form):
    """What a comment stands under."""

    article: TextEntry | None = None
    parent_comment: TextEntry | None = None


class Context(_Form):
    """What a comment answers: one of the two; no score depends on it."""

    entries: list[TextEntry] = []
    article_and_parent_comment: ArticleAndParentComment | None = None


ScoreType = Literal["SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"]


class AttributeParameters(_Form):
    """How an attribute is asked for."""

    score_type: ScoreType = "PROBABILITY"
    score_threshold: float | None = None


class _AboutComment(_Form):
    """What both requests have."""

    comment: TextEntry = Field(default_factory=TextEntry)  # a default that is made costs no deep copy
    context: Context = Field(default_factory=Context)
    languages: Annotated[list[str], Field(max_length=_MOST_LANGUAGES)] = []
    do_not_store: bool = False
    client_token: str | None = None
    session_id: str | None = None
    community_id: str | None = None

    def checked_text(self) -> str:
        """Return the comment's text.

        Raises:
            PerspectiveError: there is none, it is too long or not plain, or there are two kinds of context.
        """
        text = self.comment.text
        if not text:
            raise PerspectiveError("Comment must be non-empty.", "COMMENT_EMPTY")
        if (size := len(text.encode())) > MAX_BYTES:
            raise PerspectiveError(
                "Comment text too long. Comment text was too many bytes."
                f" Value ({size}) exceeded limit ({MAX_BYTES}).",
                "COMMENT_TOO_LONG",
            )
        if self.comment.type == "HTML":
            raise PerspectiveError("Currently, only 'PLAIN_TEXT' comments are supported")
        if self.context.entries and self.context.article_and_parent_comment is not None:
            raise PerspectiveError(
                "Context can have either entries or article_and_parent_comment, but both fields were populated."
            )
        return text


class AnalyzeForm(_AboutComment):
    """What `comments:analyze` is asked."""

    requested_attributes: Annotated[dict[str, AttributeParameters], BeforeValidator(_object)] = {}
    span_annotations: bool = False
    drop_unsupported_attributes: bool = False


class SuggestedScore(_Form):
    """A number, which may be missing, and of what kind it is."""

    value: float | None = None
    type: ScoreType = "PROBABILITY"


class SpanScore(_Form):
    """A score of a part of the text: UTF-16 units, `end` exclusive."""

    begin: int | None = None
    end: int | None = None
    score: SuggestedScore = SuggestedScore()


class AttributeScores(_Form):
    """What somebody says an attribute should score, for the whole text or for parts of it."""

    summary_score: SuggestedScore | None = None
    span_scores: list[SpanScore] = []


class SuggestForm(_AboutComment):
    """What `comments:suggestscore` is told."""

    attribute_scores: Annotated[dict[str, AttributeScores], BeforeValidator(_object)] = {}


async def read_form(kind: type[_Any], request: Request) -> _Any:
    """Read the body of a request.

    Raises:
        PerspectiveError: it is no JSON, or of another form.
    """
    try:
        return as_model(kind, parse_json(whole_letters(await request.body())))
    except RequestError as error:
        where = error.faults[0].pointer.removeprefix("#/").replace("/", ".")[:_SHOWN] if error.faults else ""
        what = f"Invalid value at '{where}'." if where else "It is no JSON object in UTF-8."
        raise PerspectiveError(f"Invalid JSON payload received. {what}", kind="") from None
