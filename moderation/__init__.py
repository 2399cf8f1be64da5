"""Comment moderation: a comment in, a decision with reasons out.

What is exported here, and what else docs/api.md lists, is public; everything else may change in any release.
"""

from typing import TYPE_CHECKING

from moderation.domain import (
    Action,
    Author,
    Cause,
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
    StoredDecision,
)
from moderation.errors import (
    CommentConflictError,
    InvalidCommentError,
    MissingExtraError,
    ModelError,
    ModerationError,
    RulesError,
    SettingsError,
    StoreError,
)
from moderation.version import __version__

if TYPE_CHECKING:
    from moderation.moderator import Moderator

__all__ = [
    "Action",
    "Author",
    "Cause",
    "CheckResult",
    "Comment",
    "CommentConflictError",
    "Decision",
    "InvalidCommentError",
    "Language",
    "MissingExtraError",
    "ModelError",
    "ModerationError",
    "Moderator",
    "Outcome",
    "Provenance",
    "Reason",
    "RulesError",
    "SettingsError",
    "Signal",
    "SignalName",
    "Span",
    "StoreError",
    "StoredDecision",
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
