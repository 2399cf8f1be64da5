"""What the cells of a row must hold, and the comment that they make."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from moderation.comment_files.mapping import shown_name
from moderation.domain import Author, Comment
from moderation.errors import InvalidCommentError
from moderation.rules.values.durations import AGE_UNITS, seconds_of
from moderation.store.comments.storable import MAX_ID_BYTES, MAX_NUMBER

MAX_THREAD = 4_000
"""Longest name of a thread, in bytes of UTF-8: it may be a URL."""

_LONGEST_NAME = 500  # code points of an author's name
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 1e11  # as seconds, this would be the year 5138
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", re.ASCII)
_COMPACT_DATE = re.compile(r"\d{8}", re.ASCII)
_NO_LABEL = re.compile("[\0-\x1f\x7f\ud800-\udfff]")
_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})


class BadValueError(ValueError):
    """A cell does not hold what its field needs. The message is a sentence, without the cell's content."""


def parse_age(value: object) -> timedelta:
    """Read an age: seconds, or a number with a unit such as `3 days` or `2h`; a month is 30 days, a year 365.

    Raises:
        InvalidCommentError: it is neither.
    """
    try:
        return _age(value)
    except (ValueError, OverflowError):
        raise InvalidCommentError(
            "an account's age is a number of seconds, or a number with a unit",
            hint='for example "2 hours", "3 days" or 86400',
        ) from None


def make_comment(fields: Mapping[str, Any], *, site: str) -> Comment:
    """Build a comment from the fields that `read_fields` returned.

    Args:
        fields: at least `text` and `external_id`.
        site: the site of a row that names none.
    """
    return Comment(
        text=fields["text"],
        site=fields.get("site", site),
        external_id=fields["external_id"],
        revision=fields.get("revision", 0),
        thread=fields.get("thread"),
        author=_author(fields),
        created_at=fields.get("created_at"),
        locale=fields.get("locale"),
        is_top_level=fields.get("is_top_level"),
        reports=fields.get("reports"),
    )


def read_fields(cells: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Read a row's cells: every field that has a value, as the type that a comment needs.

    An empty cell is a field that isn't given, except for the text, which may be empty.

    Args:
        cells: the row, by column.
        columns: the column of each field, as `resolve` returned it.

    Raises:
        BadValueError: there is no text, or a cell does not hold what its field needs.
    """
    fields: dict[str, Any] = {}
    for field, column in columns.items():
        value = cells.get(column)
        if value is None or (field != "text" and isinstance(value, str) and not value.strip()):
            continue
        convert, wanted = _FIELDS[field]
        try:
            fields[field] = convert(value)
        except (ValueError, OverflowError):
            # without the cause, which may quote the cell: in a column that was confused, a comment
            raise BadValueError(f"{field} (column {shown_name(column)}) must be {wanted}") from None
    if "text" not in fields:
        raise BadValueError("the row has no text")
    return fields


def _author(fields: Mapping[str, Any]) -> Author | None:
    names = ("account_age", "approved_comments", "rejection_rate", "is_trusted", "is_moderator")
    known = {name: fields[name] for name in names if name in fields}
    name = fields.get("author_name")
    # An author without an id is told apart by the name. Without either, facts such as the age are still of use.
    identity = fields.get("author_id") or name or ""
    return Author(id=identity, name=name, **known) if identity or known else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 - every unsuitable value is one kind of error here
    return value


def _label(value: object, longest: int = MAX_ID_BYTES) -> str:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        value = str(int(value)) if value == int(value) else ""
    label = _text(value)
    if not label or _NO_LABEL.search(label) or len(label.encode()) > longest:
        raise ValueError
    return label


def _name(value: object) -> str:
    name = _text(value)
    if len(name) > _LONGEST_NAME:
        raise ValueError
    return name


def _thread(value: object) -> str:
    return _label(value, MAX_THREAD)


def _number(value: object) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    raise ValueError


def _count(value: object) -> int:
    number = _number(value)
    if not number.is_integer() or not 0 <= number <= MAX_NUMBER:
        raise ValueError
    return int(number)


def _rate(value: object) -> float:
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError
    return number


def _flag(value: object) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError
    return word in _TRUE


def _age(value: object) -> timedelta:
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        age = timedelta(seconds=seconds_of(value, AGE_UNITS))
    else:
        age = value if isinstance(value, timedelta) else timedelta(seconds=_number(value))
    if age < timedelta():
        raise ValueError
    return age


def moment_in_cell(value: object) -> datetime:
    """Read a time; seconds and milliseconds since 1970 can't be confused, and no zone is UTC."""
    written = value.strip() if isinstance(value, str) else ""
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    elif written and (_COMPACT_DATE.fullmatch(written) or not _NUMBER.fullmatch(written)):
        moment = datetime.fromisoformat(written.removesuffix(" UTC"))
    else:
        seconds = _number(value)
        moment = _EPOCH + timedelta(seconds=seconds / (1000 if abs(seconds) >= _MILLISECONDS_FROM else 1))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# Not pydantic's own types: they take `true` for 1, `1_000` for a number, and 20260101 for seconds since 1970.
_LABEL = f"text of at most {MAX_ID_BYTES:,} bytes, without control characters, or a whole number"
_FIELDS: dict[str, tuple[Callable[[object], Any], str]] = {
    "text": (_text, "text"),
    "external_id": (_label, _LABEL),
    "site": (_label, _LABEL),
    "revision": (_count, "a whole number from 0"),
    "thread": (_thread, _LABEL.replace(f"{MAX_ID_BYTES:,}", f"{MAX_THREAD:,}")),
    "author_id": (_label, _LABEL),
    "author_name": (_name, f"text of at most {_LONGEST_NAME} characters"),
    "account_age": (_age, 'a number of seconds, or an age such as "3 days"'),
    "approved_comments": (_count, "a whole number from 0"),
    "rejection_rate": (_rate, "a number from 0 to 1"),
    "is_trusted": (_flag, "true or false"),
    "is_moderator": (_flag, "true or false"),
    "created_at": (moment_in_cell, "a time in ISO 8601, or seconds since 1970"),
    "locale": (_label, _LABEL),
    "is_top_level": (_flag, "true or false"),
    "reports": (_count, "a whole number from 0"),
}
