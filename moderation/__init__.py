"""Comment moderation: a comment in, a decision with reasons out."""

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
from moderation.moderator import Moderator
from moderation.version import __version__

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
