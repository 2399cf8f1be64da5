"""What a comment must be, to be decided and for either database to take it: told before anything is done with it.

What one of the two would take and the other would not is refused on both, so that a comment fares the same
wherever it is stored, and `check` refuses what `submit` would. NUL and lone surrogates are no fault: `exact.py`
stores them as they are. A file of comments is held to the same bounds (`comment_files/columns.py`).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from moderation.domain import Author, Comment
from moderation.errors import InvalidCommentError
from moderation.store.comments.rows import CommentKey, key_of
from moderation.store.database.exact import escape

MAX_ID_BYTES = 1000
"""Longest site or external id in bytes of UTF-8: an entry of PostgreSQL's index has room for 2,704."""

MAX_TEXT_BYTES = 100_000_000
"""Longest text in bytes of UTF-8: all of a comment's fit in the gigabyte that a row may have."""

MAX_NUMBER = 2**31 - 1
"""Highest count: PostgreSQL's largest integer."""

_LONGEST_LETTER = 5  # bytes; a letter that is escaped
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

_Check: TypeAlias = Callable[[object], str]
"""Says what is wrong with a value, as in "must be text"; empty if nothing is."""


def check_storable(comment: Comment) -> CommentKey:
    """Check that a comment has what it takes to be stored, on either database.

    Returns:
        What it is stored under.

    Raises:
        InvalidCommentError: it has no external id, or a field that `check_fields` refuses.
    """
    check_fields(comment)
    return key_of(comment)


def check_fields(comment: Comment) -> None:
    """Check that every field of a comment that is given can be used; no field is needed but the text.

    Raises:
        InvalidCommentError: it is no comment; or a field, its author's included, is of the wrong kind, too long,
            or out of range. The message names the field, and never quotes it.
    """
    if not isinstance(comment, Comment):
        raise InvalidCommentError(
            f"a comment must be a Comment, not {type(comment).__name__}",
            hint="make one of what you have: Comment(text, external_id=…)",
        )
    _check(comment, "", _OF_COMMENT)
    if comment.author is not None:
        _check(comment.author, "author.", _OF_AUTHOR)


def _check(item: Comment | Author, prefix: str, checks: Mapping[str, _Check]) -> None:
    for name, check in checks.items():
        if fault := check(getattr(item, name)):
            raise InvalidCommentError(
                f"a comment's {prefix}{name} {fault}",
                hint="mend or leave out that field, and send the comment again",
                field=f"{prefix}{name}",
            )


def fault_of_text(value: object, longest: int = MAX_TEXT_BYTES) -> str:
    """Say what is wrong with a text, as in "must be text"; empty if nothing is."""
    if not isinstance(value, str):
        return f"must be text, not {type(value).__name__}"
    if len(value) * _LONGEST_LETTER > longest and len(escape(value).encode()) > longest:
        return f"is longer than {longest:,} bytes"
    return ""


def fault_of_id(value: object) -> str:
    """Say what is wrong with a site or an external id; empty if nothing is."""
    return fault_of_text(value, MAX_ID_BYTES)


def _count(value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool):  # PostgreSQL takes no boolean for a number
        return f"must be a whole number, not {type(value).__name__}"
    if value < 0:
        return "must not be negative"
    return "" if value <= MAX_NUMBER else f"is more than {MAX_NUMBER:,}"


def _rate(value: object) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return f"must be a number (int or float), not {type(value).__name__}"
    return "" if 0 <= value <= 1 else "must be from 0 to 1"  # NaN is neither above nor below


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else f"must be True or False, not {type(value).__name__}"


def _age(value: object) -> str:
    if not isinstance(value, timedelta):
        return f"must be a timedelta, not {type(value).__name__}"
    return "must not be negative" if value < timedelta() else ""


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        return f"must be a datetime, not {type(value).__name__}"
    try:
        within = _FIRST <= value <= _LAST  # pandas' NaT is a datetime, and neither before nor after any
    except Exception:  # noqa: BLE001 - a zone is code of the caller's, and may raise anything
        return "has a zone that does not say how far it is from UTC"
    return "" if within else "is not within the years 1 to 9999 of UTC"


def _author(value: object) -> str:
    return "" if isinstance(value, Author) else f"must be an Author, not {type(value).__name__}"


def _known(check: _Check) -> _Check:
    """Let `None` be: it is unknown."""
    return lambda value: "" if value is None else check(value)


_OF_COMMENT: Mapping[str, _Check] = {
    "text": fault_of_text,
    "site": fault_of_id,
    "external_id": _known(fault_of_id),
    "revision": _count,
    "thread": _known(fault_of_text),
    "author": _known(_author),
    "created_at": _known(_moment),
    "locale": _known(fault_of_text),
    "is_top_level": _known(_flag),
    "reports": _known(_count),
}
_OF_AUTHOR: Mapping[str, _Check] = {
    "id": fault_of_text,
    "name": _known(fault_of_text),
    "account_age": _known(_age),
    "approved_comments": _known(_count),
    "rejection_rate": _known(_rate),
    "is_trusted": _known(_flag),
    "is_moderator": _known(_flag),
}
