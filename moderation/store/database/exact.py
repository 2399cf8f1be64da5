r"""Any string of Python, stored and read back exactly as it was.

PostgreSQL can't hold NUL, and neither PostgreSQL nor SQLite can hold lone surrogates, because they
have no UTF-8. Authors send both. So in the database such a character, and U+001A (SUBSTITUTE), which
marks them, stands as U+001A and four hex digits of its code point: `\x00` as `\x1a0000`, `\ud800` as
`\x1ad800`. All other text, that is nearly all, stands in the database as it was written.

Two strings that differ stay different, so unique constraints and comparisons for equality mean the same.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

_MARK = "\x1a"
_UNSAFE = re.compile("[\x00\x1a\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_ESCAPED = re.compile(_MARK + "([0-9a-f]{4})")


class ExactText(TypeDecorator[str]):
    """Text that may hold any string of Python; see this module."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape what the database can't hold."""
        del dialect
        return None if value is None else escape(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what was written."""
        del dialect
        return None if value is None else unescape(value)


def escape(text: str) -> str:
    """Return a string that every database can hold; the same one if possible."""
    return _UNSAFE.sub(lambda found: f"{_MARK}{ord(found[0]):04x}", text)


def unescape(text: str) -> str:
    """Undo `escape`."""
    if _MARK not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def dump_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON whose strings every database can hold.

    Raises:
        ValueError: a number is infinite or NaN, which JSON does not have.
    """
    text = _ENCODER.encode(value)
    unsafe = "\\u00" in text or not (text.isascii() or _SURROGATE.search(text) is None)
    return _ENCODER.encode(_map_strings(value, escape)) if unsafe else text


def load_json(data: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Undo `dump_json`."""
    text = data.decode() if isinstance(data, bytes) else data
    value = json.loads(text)
    return _map_strings(value, unescape) if "\\u001a" in text else value


def _map_strings(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key): _map_strings(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_map_strings(item, change) for item in value]
    return value
