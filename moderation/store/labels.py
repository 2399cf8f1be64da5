"""Labels: what somebody outside says a text should score; only ever added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, TypedDict

from sqlalchemy import Row, insert
from sqlmodel import Session, col

from moderation.domain import ATTRIBUTES
from moderation.errors import InvalidCommentError
from moderation.store.comments.rows import PAGE
from moderation.store.comments.storable import fault_of_id, fault_of_text
from moderation.store.tables.base import Table
from moderation.store.tables.labels import LabelRow

MAX_LANGUAGE_BYTES = 100
"""Longest language in bytes of UTF-8: room for any BCP-47 tag."""

_MOST_SPANS = 10_000
_ALL = Table.metadata.tables["label"].select()  # by the connection: no session keeps the texts
_ADD = insert(Table.metadata.tables["label"]).returning(
    col(LabelRow.id),
    sort_by_parameter_order=True,  # what is returned is in the order of what was given
)


class LabelSpan(TypedDict):
    """How much of an attribute a part of a text has: code points, `end` exclusive; score 0-1."""

    attribute: str
    begin: int
    end: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLabel:
    """What somebody says about a text.

    Attributes:
        site: where the text was written.
        external_id: the comment system's own id of the comment, if it said one.
        text: as written.
        language: as it was said, `en` or `pt-BR`; `None`: nobody did.
        scores: by attribute of `moderation.domain.ATTRIBUTES`, how much of it the whole text has, 0-1.
        spans: the same of parts of the text, if it was said.
        source: by which way it came: `perspective`, `api`.
        by: name of the key that sent it, or who imported it.
    """

    site: str
    external_id: str | None = None
    text: str
    language: str | None = None
    scores: Mapping[str, float]
    spans: Sequence[LabelSpan] | None = None
    source: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLabel(NewLabel):
    """A label with its number in the database, and when it was stored, UTC."""

    id: int
    created_at: datetime


def add_labels(labels: Sequence[NewLabel], now: datetime, *, session: Session) -> list[StoredLabel]:
    """Store labels: all of them, or none where one can't be stored.

    Args:
        labels: what to store.
        now: the time, aware.
        session: of a transaction.

    Returns:
        The labels in the same order, with their numbers.

    Raises:
        InvalidCommentError: a field is of the wrong kind, too long or out of range, or a label says nothing. The
            message names the field, and never quotes it.
    """
    rows = [_values(label, now) for label in labels]
    if not rows:
        return []
    numbers = session.connection().execute(_ADD, rows).scalars()
    return [StoredLabel(**row, id=number) for row, number in zip(rows, numbers, strict=True)]


def labels(*, session: Session, attribute: str | None = None, after: int = 0) -> Iterator[StoredLabel]:
    """Go through labels in the order they were stored, however many, a page in memory at a time.

    Args:
        session: of a transaction, or one that reads.
        attribute: only labels that have a score for it.
        after: only labels with a higher number.
    """
    query = _ALL.order_by(col(LabelRow.id)).limit(PAGE)
    while page := session.connection().execute(query.where(col(LabelRow.id) > after)).all():
        after = page[-1].id
        # not asked of the database: each kind would have a query of its own, and a label has few attributes
        yield from (_label(row) for row in page if attribute is None or attribute in row.scores)


def check_label(label: NewLabel) -> None:
    """Check that a label has what it takes to be stored, on either database.

    Raises:
        InvalidCommentError: see `add_labels`.
    """
    for name, fault in _faults(label):
        if fault:
            raise InvalidCommentError(
                f"a label's {name} {fault}", hint="mend or leave out that field, and send the label again"
            )


def _faults(label: NewLabel) -> Iterator[tuple[str, str]]:
    yield "text", fault_of_text(label.text)
    yield "site", fault_of_id(label.site) or ("" if label.site else "must not be empty")
    if label.external_id is not None:
        yield (
            "external_id",
            fault_of_id(label.external_id) or ("" if label.external_id else "must not be empty"),
        )
    if label.language is not None:
        yield "language", fault_of_text(label.language, MAX_LANGUAGE_BYTES)
    yield "source", fault_of_id(label.source)
    yield "by", fault_of_id(label.by)
    yield "scores", _fault_of_scores(label.scores)
    yield "spans", _fault_of_spans(label.spans, len(label.text))  # a text by now: faults are taken one by one


def _fault_of_scores(scores: object) -> str:
    if not isinstance(scores, Mapping):
        return f"must be a mapping of attributes to numbers, not {type(scores).__name__}"
    if not scores:
        return "must not be empty"
    if any(name not in ATTRIBUTES for name in scores):
        return f"must be of attributes: {', '.join(ATTRIBUTES)}"
    return "" if all(map(_is_share, scores.values())) else "must be numbers between 0 and 1"


def _fault_of_spans(spans: object, length: int) -> str:
    if spans is None:
        return ""
    if not isinstance(spans, Sequence) or isinstance(spans, str | bytes):
        return f"must be a list, not {type(spans).__name__}"
    if len(spans) > _MOST_SPANS:
        return f"are more than {_MOST_SPANS:,}"
    return (
        ""
        if all(_is_span(span, length) for span in spans)
        else "must each have an attribute, begin and end within the text, and a score from 0 to 1"
    )


def _is_span(span: object, length: int) -> bool:
    if not isinstance(span, Mapping) or set(span) != LabelSpan.__required_keys__:
        return False
    begin, end = span["begin"], span["end"]
    places = all(isinstance(place, int) and not isinstance(place, bool) for place in (begin, end))
    return (
        places
        and 0 <= begin <= end <= length
        and span["attribute"] in ATTRIBUTES
        and _is_share(span["score"])
    )


def _is_share(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value <= 1 and isfinite(value)  # type: ignore[operator, arg-type]  # a number, see above


def _values(label: NewLabel, now: datetime) -> dict[str, Any]:
    check_label(label)
    return {
        "site": label.site,
        "external_id": label.external_id,
        "text": label.text,
        "language": label.language,
        "scores": {name: float(score) for name, score in label.scores.items()},
        "spans": None if label.spans is None else [_span(span) for span in label.spans],
        "source": label.source,
        "by": label.by,
        "created_at": now,
    }


def _span(span: LabelSpan) -> LabelSpan:
    return {**span, "score": float(span["score"])}


def _label(row: Row[Any]) -> StoredLabel:
    # JSONB returns 1.0 as 1
    return StoredLabel(
        site=row.site,
        external_id=row.external_id,
        text=row.text,
        language=row.language,
        scores={name: float(score) for name, score in row.scores.items()},
        spans=None if row.spans is None else [_span(span) for span in row.spans],
        source=row.source,
        by=row.by,
        id=row.id,
        created_at=row.created_at,
    )
