"""The desk: what moderators do after comments were submitted. No page in it; the dashboard is one of its callers."""

from moderation.desk.accounts import Account, AccountChange, Identity
from moderation.desk.desk import LEASE, SECOND_REVIEW, Desk
from moderation.desk.figures import Agreement, CheckFigures, Day, Overview, RuleFigures
from moderation.desk.identities import Identities
from moderation.desk.people import User
from moderation.desk.users import Users
from moderation.desk.values import (
    AuthorCard,
    BatchResult,
    CommentHistory,
    Revision,
    VerdictRequest,
    VerdictResult,
    VerdictStatus,
)
from moderation.domain import AppealAnswer, Role, UserChange
from moderation.store.comments.search import SearchPage
from moderation.store.queue.cards import QueueCard
from moderation.store.queue.counts import Point, QueueCounts, Spread
from moderation.store.queue.filters import EVERYTHING, QueueFilter
from moderation.store.verdicts.appeals import Appeal

__all__ = [
    "EVERYTHING",
    "LEASE",
    "SECOND_REVIEW",
    "Account",
    "AccountChange",
    "Agreement",
    "Appeal",
    "AppealAnswer",
    "AuthorCard",
    "BatchResult",
    "CheckFigures",
    "CommentHistory",
    "Day",
    "Desk",
    "Identities",
    "Identity",
    "Overview",
    "Point",
    "QueueCard",
    "QueueCounts",
    "QueueFilter",
    "Revision",
    "Role",
    "RuleFigures",
    "SearchPage",
    "Spread",
    "User",
    "UserChange",
    "Users",
    "VerdictRequest",
    "VerdictResult",
    "VerdictStatus",
]
