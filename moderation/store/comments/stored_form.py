"""Decisions and authors as JSON in the database: without loss, where `public_form` leaves out what is not for outside."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from moderation.domain import (
    Action,
    Author,
    CheckResult,
    Outcome,
    Provenance,
    Reason,
    Signal,
    SignalName,
    Span,
)
from moderation.public_form import provenance_to_dict

Json = dict[str, Any]
"""An object of JSON."""

_DAY_S = 86_400
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}  # a look-up costs a fifth of a call of the enum
_SIGNALS = {name.value: name for name in SignalName}


def reasons_from_json(items: Sequence[Json]) -> tuple[Reason, ...]:
    """Undo `public_form.reasons_to_dicts`: reasons are kept as they are shown."""
    return tuple(
        Reason(
            rule=item["rule"],
            action=Action(item["action"]),
            message=item["message"],
            spans=tuple(Span(span["start"], span["end"]) for span in item["spans"]),
            evidence=item["evidence"],
        )
        for item in items
    )


def checks_to_json(checks: Mapping[str, CheckResult]) -> list[Json]:
    """Return every check's result with its signals: a list, because JSONB forgets the order of keys."""
    return [
        {
            "check": name,
            "outcome": result.outcome,
            "ms": result.ms,
            "error": result.error,
            "signals": [_signal_to_json(signal) for signal in result.signals],
        }
        for name, result in checks.items()
    ]


def checks_from_json(items: Sequence[Json]) -> dict[str, CheckResult]:
    """Undo `checks_to_json`."""
    return {
        item["check"]: CheckResult(
            _OUTCOMES[item["outcome"]],
            tuple([_signal_from_json(signal) for signal in item["signals"]]) if item["signals"] else (),
            item["ms"],
            item["error"],
        )
        for item in items
    }


def provenance_to_json(provenance: Provenance) -> Json:
    """Return the provenance as an object; what is not known is left out."""
    folder = {"folder": provenance.folder} if provenance.folder else {}
    return provenance_to_dict(provenance) | folder


def provenance_from_json(item: Json) -> Provenance:
    """Undo `provenance_to_json`."""
    return Provenance(**item)


def author_to_json(author: Author) -> Json:
    """Return what is known of an author; what is unknown is left out.

    The account's age is in seconds, split like `timedelta` into whole ones and microseconds: one
    float would lose microseconds of very large ages.
    """
    item = {
        "id": author.id,
        "name": author.name,
        "account_age": None if author.account_age is None else _age_to_json(author.account_age),
        "approved_comments": author.approved_comments,
        "rejection_rate": author.rejection_rate,
        "is_trusted": author.is_trusted,
        "is_moderator": author.is_moderator,
    }
    return {name: value for name, value in item.items() if value is not None}


def author_from_json(item: Json) -> Author:
    """Undo `author_to_json`."""
    known = dict(item)
    if "account_age" in known:
        known["account_age"] = timedelta(**known["account_age"])
    return Author(**known)


def _age_to_json(age: timedelta) -> Json:
    return {"seconds": age.days * _DAY_S + age.seconds, "microseconds": age.microseconds}


def _signal_to_json(signal: Signal) -> Json:
    """Leave out what is empty: there are many signals, and few have all fields."""
    item: Json = {"name": signal.name, "value": signal.value}
    if signal.key:
        item["key"] = signal.key
    if signal.spans:
        item["spans"] = [[span.start, span.end] for span in signal.spans]
    if signal.confidence is not None:
        item["confidence"] = signal.confidence
    return item


def _signal_from_json(item: Json) -> Signal:
    return Signal(
        _SIGNALS[item["name"]],
        item["value"],
        item.get("key", ""),
        tuple([Span(start, end) for start, end in item["spans"]]) if "spans" in item else (),
        item.get("confidence"),
    )
