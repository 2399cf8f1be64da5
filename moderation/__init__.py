"""Comment moderation: a comment in, a decision with reasons out."""

from typing import TYPE_CHECKING

from moderation.domain import (
    Action,
    Author,
    CheckResult,
    Comment,
    Decision,
    Language,
    Outcome,
    Provenance,
    Reason,
    Signal,
    SignalName,
    Span,
)
from moderation.errors import ModerationError
from moderation.version import __version__

if TYPE_CHECKING:
    from moderation.moderator import Moderator

__all__ = [
    "Action",
    "Author",
    "CheckResult",
    "Comment",
    "Decision",
    "Language",
    "ModerationError",
    "Moderator",
    "Outcome",
    "Provenance",
    "Reason",
    "Signal",
    "SignalName",
    "Span",
    "__version__",
]

if not TYPE_CHECKING:  # a type checker shall not believe that every name is here

    def __getattr__(name: str) -> type:
        """Import `Moderator` when it is first used: the database's libraries take longer than all else together."""
        if name != "Moderator":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from moderation.moderator import Moderator  # noqa: PLC0415 - see above

        globals()[name] = Moderator
        return Moderator
