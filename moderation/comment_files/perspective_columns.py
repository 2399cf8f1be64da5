"""Where in a row Perspective's scores stand, and what people call a rejected comment."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.comment_files.mapping import resolve
from moderation.domain import ATTRIBUTES
from moderation.perspective_names import ATTRIBUTE_OF, NAMES_OF

_ANSWER = "attributeScores"
_DEEPEST = 6  # objects in each other, in which an answer is looked for
_LONGEST_NAME = 100
_SCORE_COLUMN = re.compile(
    r"(?P<told>(?:[\w.]*[._])??(?:perspective|attribute_?scores)[._](?:attribute_?scores[._])?)?"
    r"(?P<name>[a-z][a-z_]*?)(?:@\d+)?(?:[._](?:summary_?score[._]value|summary_?score|score|value))?",
    re.IGNORECASE,
)
_ANSWER_COLUMN = re.compile(r"perspective|scores|response", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LANGUAGES = ("lang", "language", "languages")
_LABELS = ("label", "rejected", "removed", "published", "approved", "verdict", "status", "moderation_status")
_YES = frozenset({"yes", "y", "true", "t", "1"})
_NO = frozenset({"no", "n", "false", "f", "0"})
_REJECTED = frozenset({"rejected", "reject", "removed", "remove", "deleted", "blocked", "spam", "toxic"})
_PUBLISHED = frozenset({"published", "publish", "approved", "approve", "accepted", "accept", "kept", "ok"})


@dataclass(frozen=True, slots=True)
class ScoreName:
    """A column that is called like a score.

    Attributes:
        name: Perspective's name, in capitals, if it has such a name.
        attribute: ours; `None`: no attribute of ours.
        told: whether the column says that the score is Perspective's, by its name in capitals or by a prefix.
    """

    name: str
    attribute: str | None
    told: bool


@dataclass(frozen=True, slots=True)
class PerspectiveColumns:
    """Which column holds what; `None`: none does.

    Attributes:
        text: the comment.
        external_id: the comment system's own id.
        language: its language.
        label: whether it was rejected.
        scores: by attribute, the column of its scores.
        others: columns that are called like scores of Perspective, and of which none is used.
    """

    text: str | None
    external_id: str | None
    language: str | None
    label: str | None
    scores: Mapping[str, str]
    others: tuple[str, ...]


def find_columns(columns: Sequence[str], text: str | None) -> PerspectiveColumns:
    """Find the columns by their names, in any case.

    Args:
        columns: those of a row, answers spread_columns by `spread_columns`.
        text: the column of the text, if its name doesn't tell.
    """
    known = resolve(columns, {"text": text} if text else {})
    if text is None and "text" not in known:
        known |= dict([("text", one) for one in columns if one.lower().endswith("comment.text")][:1])
    named = {column: found for column in columns if (found := score_name(column))}
    best: dict[str, str] = {}
    for column in sorted((one for one in named if named[one].attribute), key=lambda one: _rank(named[one])):
        best.setdefault(named[column].attribute or "", column)
    taken = {*best.values(), *known.values()}
    return PerspectiveColumns(
        known.get("text"),
        known.get("external_id"),
        _first(columns, _LANGUAGES),
        _first(columns, _LABELS),
        best,
        tuple(column for column, found in named.items() if found.told and column not in taken),
    )


def score_name(column: str) -> ScoreName | None:
    """Read the name of a column as that of a score: `TOXICITY`, `perspective_toxicity`, `severeToxicity_score`."""
    found = _SCORE_COLUMN.fullmatch(column.strip()) if len(column) <= _LONGEST_NAME else None
    if found is None:
        return None
    written = found["name"]
    name = written if written.isupper() else _CAMEL.sub("_", written).upper()
    attribute = ATTRIBUTE_OF.get(name) or (name.lower() if name.lower() in ATTRIBUTES else None)
    return ScoreName(name, attribute, bool(found["told"]) or written.isupper())


def spread_columns(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Give each score of an answer of Perspective, stored whole in some cell, a column of its own.

    Answers written as text count in columns that are called like answers only: an author may write one in a comment.
    """
    found: dict[str, Any] = {}
    for name, value in cells.items():
        holds = isinstance(value, Mapping) or (isinstance(value, str) and _ANSWER_COLUMN.search(name))
        answers = dict(_answers(name, value, 0)) if holds else {}
        found |= answers or {name: value}
    return found


def score_in(value: object) -> object:
    """Return the number in a cell: itself, or that of `{"summaryScore": {"value": …}}`; `None` if it is empty."""
    for _ in range(_DEEPEST):
        if not isinstance(value, Mapping):
            break
        inner = (value.get(key) for key in ("summaryScore", "summary_score", "value", "score"))
        value = next((one for one in inner if one is not None), None)
    return None if isinstance(value, str) and not value.strip() else value


def read_label(column: str, value: object) -> bool | None:
    """Say whether a label means that the comment was rejected; `None` where it says neither."""
    word = str(value).strip().lower()
    if word in _REJECTED or word in _PUBLISHED:
        return word in _REJECTED
    plain = word.removesuffix(".0")
    if plain not in _YES | _NO:
        return None
    return (plain in _YES) is not (_leaf(column) in {"published", "approved"})


def read_language(value: object) -> str | None:
    """Return the language in a cell: text, or the first of a list, as Perspective answers."""
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) and first.strip() else None


def _rank(one: ScoreName) -> tuple[bool, int]:
    names = NAMES_OF[one.attribute or ""]
    return not one.told, names.index(one.name) if one.name in names else len(names)


def _first(columns: Sequence[str], names: Sequence[str]) -> str | None:
    by_name = {_leaf(column): column for column in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _leaf(column: str) -> str:
    return re.sub(r"[\s-]+", "_", _CAMEL.sub("_", column.rpartition(".")[2].strip())).lower()


def _answers(name: str, value: object, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield each score of the answers in a cell, under the name `attributeScores.NAME`."""
    if isinstance(value, str) and depth == 0:  # a database's column of JSON, exported as text
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return
    if not isinstance(value, Mapping) or depth > _DEEPEST:
        return
    if _leaf(name) == "attribute_scores":
        yield from ((f"{_ANSWER}.{inner}", score) for inner, score in value.items())
        return
    for inner, innermost in value.items():
        yield from _answers(str(inner), innermost, depth + 1)
