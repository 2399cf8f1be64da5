"""The desk: what moderators do after comments were submitted. No page in it; the dashboard is one of its callers."""

from moderation.desk.desk import LEASE, SECOND_REVIEW, Desk
from moderation.desk.figures import (
    Agreement,
    CheckFigures,
    Day,
    Overview,
    Point,
    QueueCounts,
    RuleFigures,
)
from moderation.desk.people import Role, User
from moderation.desk.users import Account, Users
from moderation.desk.values import (
    Appeal,
    AppealAnswer,
    AuthorCard,
    BatchResult,
    History,
    MadeDecision,
    QueueCard,
    Revision,
    SearchPage,
    VerdictRequest,
    VerdictResult,
    VerdictStatus,
)
from moderation.store.filters import EVERYTHING, QueueFilter

__all__ = [
    "EVERYTHING",
    "LEASE",
    "SECOND_REVIEW",
    "Account",
    "Agreement",
    "Appeal",
    "AppealAnswer",
    "AuthorCard",
    "BatchResult",
    "CheckFigures",
    "Day",
    "Desk",
    "History",
    "MadeDecision",
    "Overview",
    "Point",
    "QueueCard",
    "QueueCounts",
    "QueueFilter",
    "Revision",
    "Role",
    "RuleFigures",
    "SearchPage",
    "User",
    "Users",
    "VerdictRequest",
    "VerdictResult",
    "VerdictStatus",
]
