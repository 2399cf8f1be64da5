"""Which dialect a path is in. A client must be able to read a refusal too, also of a path that does not exist."""

from typing import Protocol

from starlette.responses import Response

from moderation.api import problems
from moderation.errors import ModerationError


class Dialect(Protocol):
    """How the clients of one service say things."""

    def refusal(self, error: ModerationError | None) -> Response:
        """Return the answer for an error; `None` is a fault of ours, of which nothing is told."""
        ...


_BY_PATH: dict[str, Dialect] = {}


def speak(prefix: str, dialect: Dialect) -> None:
    """Have every path that begins so answered in a dialect."""
    _BY_PATH[prefix] = dialect


def dialect_of(path: str) -> Dialect:
    """Return the dialect of a path: that of the longest known beginning, else problem documents."""
    path = "/" + path.lstrip("/")  # an address with a last slash, and a path with a first one
    known = [prefix for prefix in _BY_PATH if path.startswith(prefix)]
    return _BY_PATH[max(known, key=len)] if known else problems
