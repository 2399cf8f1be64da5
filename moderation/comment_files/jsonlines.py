"""One line of JSON: readable, and safe for every reader of lines."""

import json
from typing import Any

_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_line(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return a value as a line of JSON Lines.

    Letters stay letters; what isn't JSON (a date) becomes text. Escaped are halves of surrogate pairs,
    which have no UTF-8, and characters at which some programs end a line.
    """
    line = json.dumps(value, ensure_ascii=False, default=str).translate(_LINE_ENDS) + "\n"
    try:
        return line.encode()
    except UnicodeEncodeError:
        return json.dumps(value, default=str).encode() + b"\n"
