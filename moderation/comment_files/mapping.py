"""Which column of a file holds which field of a comment: by common names, or by `--map`."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from moderation.errors import InputFileError

# Not pydantic's AliasChoices: a column is chosen once for a file and shown before a row is read, and --map goes first.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "text": ("text", "comment_text", "comment_body", "comment", "body", "content", "message"),
    "external_id": ("external_id", "id", "comment_id"),
    "site": ("site", "site_id", "site_name"),
    "revision": ("revision",),
    "thread": (
        *("thread", "thread_id", "article_id", "article", "story_id", "post_id", "post"),
        *("article.id", "post.id", "thread.id", "article_url", "page_url", "url"),
    ),
    "author_id": ("author_id", "user_id", "author.id", "user.id", "author", "user", "userid"),
    "author_name": (
        *("author_name", "user_name", "username", "display_name", "nickname"),
        *("author.name", "user.name", "user.username"),
    ),
    "account_age": ("account_age", "author_account_age", "author.account_age"),
    "approved_comments": ("approved_comments", "author_approved_comments", "author.approved_comments"),
    "rejection_rate": ("rejection_rate", "author_rejection_rate", "author.rejection_rate"),
    "is_trusted": ("is_trusted", "trusted", "author_is_trusted", "author.is_trusted"),
    "is_moderator": ("is_moderator", "author_is_moderator", "author.is_moderator"),
    "created_at": (
        *("created_at", "created", "created_time", "created_date", "create_date", "created_utc"),
        *("timestamp", "date", "datetime", "posted_at", "published_at"),
    ),
    "locale": ("locale",),
    "is_top_level": ("is_top_level", "top_level"),
    "reports": ("reports", "report_count", "num_reports"),
}
"""Every field of a comment, and the column names it is known by, best first.

A dotted name is a value inside an object: `{"author": {"id": …}}` has the column `author.id`.
"""

_SHOWN_COLUMNS = 30
_LONGEST_NAME = 40  # longer, or more words, and it is a comment in a file that has no header
_MOST_WORDS = 3


def parse_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Parse what was given as `--map FIELD=COLUMN`.

    Raises:
        InputFileError: no pair, an unknown field, or a field given twice.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not column:
            raise InputFileError(
                "--map needs a field and a column", hint="for example: --map text=comment_text"
            )
        if field not in SYNONYMS:
            raise InputFileError(
                f"--map: a comment has no field {shown_name(field)}",
                hint=_did_you_mean(field, SYNONYMS) + f"the fields are {', '.join(SYNONYMS)}",
            )
        if field in mapping:
            raise InputFileError(f"--map: {field} is given twice", hint="give one column for each field")
        mapping[field] = column
    return mapping


def _plain(name: str) -> str:
    """`Comment Text`, `comment-text` and `commentText` are all `comment_text`."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s_-]+", "_", snake).lower()


def resolve(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each field that has one: the one in `mapping`, else the best known name.

    A column serves one field at most, and one that `mapping` names serves that field alone.
    """
    plain = {_plain(column): column for column in reversed(columns)}
    found = {field: column for field, column in mapping.items() if column in columns}
    taken = set(mapping.values())
    for field, names in SYNONYMS.items():
        known = (plain[name] for name in names if name in plain and plain[name] not in taken)
        if field not in mapping and (column := next(known, None)) is not None:
            found[field] = column
    return found


def check_columns(source: str, columns: Sequence[str], mapping: Mapping[str, str], *, fixed: bool) -> None:
    """Refuse a file in which the text, or a column that was asked for, isn't there.

    Args:
        source: name of the file, for the message.
        columns: the columns it has.
        mapping: what `--map` asked for.
        fixed: whether every row has these columns; a row of JSONL may have others.

    Raises:
        InputFileError: a column is missing, or a column that is needed is there twice.
    """
    for field, column in mapping.items():
        if column not in columns and (fixed or field == "text"):
            raise InputFileError(
                f"{source}: has no column {shown_name(column)}, which --map names for {field}",
                hint=_did_you_mean(column, columns) + f"its columns are {_listed(columns)}",
            )
    found = resolve(columns, mapping)
    if "text" not in found:
        raise InputFileError(
            f"{source}: none of its columns is known to hold the comments; they are {_listed(columns)}",
            hint="say which one does: --map text=COLUMN",
        )
    counts = Counter(columns)
    for field, column in found.items():
        if counts[column] > 1:
            raise InputFileError(
                f"{source}: has {counts[column]} columns called {shown_name(column)}, needed for {field}",
                hint="rename all but one",
            )


def describe(columns: Sequence[str], mapping: Mapping[str, str]) -> str:
    """Say which column was taken for what, and which were left alone."""
    found = resolve(columns, mapping)
    parts = [f"{field} from {shown_name(column)}" for field, column in found.items()]
    parts += [
        f"{field} from {shown_name(column)} (not in the first rows)"
        for field, column in mapping.items()
        if field not in found
    ]
    unused = [column for column in columns if column not in found.values()]
    return ", ".join(parts) + (f"; not used: {_listed(unused)}" if unused else "")


def shown_name(column: str) -> str:
    """Quote a column's name for a message; what is too long for a name may be a comment: only its length."""
    if len(column) <= _LONGEST_NAME and len(column.split()) <= _MOST_WORDS:
        return repr(column)
    return f"({len(column)} characters)"


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(shown_name(column) for column in columns[:_SHOWN_COLUMNS])
    more = len(columns) - _SHOWN_COLUMNS
    return (shown + (f" and {more} more" if more > 0 else "")) or "none"


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean {shown_name(close[0])}? " if close else ""
