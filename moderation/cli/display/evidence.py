"""A reason's evidence, in words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from moderation.text.visible import visible

_NAMES = {
    "account_age_s": "account age",
    "graphemes": "characters",
    "max": "at most",
    "max_bytes": "bytes allowed",
    "min": "at least",
}
_MOST_ITEMS = 10


def evidence_in_words(evidence: Mapping[str, Any]) -> str:
    """Return all values with their names, safe to print: `links 3`, `score 0.82, threshold 0.7`."""
    return visible(_pairs(evidence))


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{_NAMES.get(name, name.replace('_', ' '))} {_value(name, values[name])}" for name in values
    )


def _value(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return _pairs(value)
    if isinstance(value, list | tuple):
        more = f" and {len(value) - _MOST_ITEMS} more" if len(value) > _MOST_ITEMS else ""
        return ", ".join(_value("", item) for item in value[:_MOST_ITEMS]) + more
    if value is None or isinstance(value, bool):
        return {True: "yes", False: "no", None: "unknown"}[value]
    if name.endswith("_s"):
        return str(timedelta(seconds=round(value)))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
