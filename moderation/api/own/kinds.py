"""The kinds of values that our own `/v1` takes: bounded, and nothing guessed from another type."""

import re
from datetime import UTC, datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from moderation.domain import ATTRIBUTES

MOST_LETTERS = 200_000
"""Longest text, in code points."""

_LARGEST = 2**31 - 1
_LARGEST_ID = 2**53 - 1  # the largest that every JSON reader reads exactly
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_UUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


def _moment(value: object) -> object:
    """Read a time. One without a zone is UTC."""
    if not isinstance(value, str):
        return value
    try:
        read = datetime.fromisoformat(value.upper()) if _MOMENT.fullmatch(value) else None
    except ValueError:  # it quotes what was sent
        read = None
    if read is None:
        raise ValueError("not a time in ISO 8601, such as 2026-11-30T08:30:00Z")
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("not within the years 1 to 9999 of UTC") from None


WrittenMoment: TypeAlias = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Site: TypeAlias = Annotated[
    str | None,
    Field(
        min_length=1, max_length=1000, description="Which site. Left out: the key's only one, else `default`."
    ),
]
ExternalId: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=1000, description="Your own id of the comment; 1,000 bytes at most.")
]
_WHOLE = BeforeValidator(
    lambda value: int(value) if isinstance(value, float) and value.is_integer() else value
)
"""JSON knows no difference between `1` and `1.0`."""

CommentId: TypeAlias = Annotated[
    int, Field(ge=1, le=_LARGEST_ID, description="Number of a stored comment."), _WHOLE
]
Count: TypeAlias = Annotated[int, Field(ge=0, le=_LARGEST), _WHOLE]
PersonName: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Uid: TypeAlias = Annotated[
    str,
    Field(pattern=_UUID, json_schema_extra={"format": "uuid"}),
    AfterValidator(lambda text: str(UUID(text))),
]
LanguageTag: TypeAlias = Annotated[
    str, Field(max_length=35, pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", description="As BCP 47 has it.")
]
AttributeName: TypeAlias = Annotated[str, Field(pattern=f"^({'|'.join(ATTRIBUTES)})$")]
ScoreValue: TypeAlias = Annotated[float, Field(ge=0, le=1)]
