"""The table of what waits for moderators."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, false, text
from sqlmodel import Field

from moderation.domain import Action
from moderation.store.database.exact import ExactText
from moderation.store.tables.base import ROW_ID, Table, by_value, row_id


class QueueStatus(StrEnum):
    """What became of a queue item."""

    PENDING = "pending"  # waits for a moderator
    DECIDED = "decided"  # a moderator approved or rejected it
    WITHDRAWN = "withdrawn"  # needs nobody: the author changed the text, or it was decided anew


def thread_key(thread: str) -> str:
    """Return what the queue knows a thread by: SHA-256 (hex), for an ordered index takes no text of any length."""
    return sha256(thread.encode("utf-8", "surrogatepass")).hexdigest()


def _pending(*columns: str) -> Index:
    """Index what waits, by some columns and then in the order of the queue."""
    waits = text("status = 'pending'")
    return Index(None, *columns, "priority", "id", postgresql_where=waits, sqlite_where=waits)


class QueueItemRow(Table, table=True):
    """A comment that waits for a moderator, or did.

    What the queue is filtered by stands here a second time, so that each filter is a walk along one index.
    """

    __tablename__ = "queue_item"
    __table_args__ = (
        Index(
            "ix_queue_item_pending",
            "priority",
            "id",
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index(
            "ix_queue_item_blind",
            "id",
            postgresql_where=text("status = 'pending' AND blind"),
            sqlite_where=text("status = 'pending' AND blind"),
        ),
        *(_pending(column) for column in ("site", "thread_key", "language", "rule", "leased_by")),
    )

    id: int = row_id()
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False, unique=True))
    decision_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("decision.id"), nullable=False))
    action: Action = Field(sa_column=Column(by_value(Action), nullable=False))
    priority: float = Field(sa_column_kwargs={"comment": "higher first"})
    status: QueueStatus = Field(sa_column=Column(by_value(QueueStatus), nullable=False))
    version: int = Field(default=1, sa_column_kwargs={"comment": "one more with each change"})
    created_at: datetime
    site: str = Field(sa_column=Column(ExactText, nullable=False, server_default="", comment="the comment's"))
    thread_key: str | None = Field(
        default=None, sa_column=Column(String(64), comment="SHA-256 of the comment's thread")
    )
    language: str = Field(
        sa_column=Column(ExactText, nullable=False, server_default="und", comment="the decision's")
    )
    rule: str = Field(
        sa_column=Column(
            ExactText, nullable=False, server_default="", comment="first of the decision's reasons"
        )
    )
    score: float | None = Field(default=None, sa_column_kwargs={"comment": "highest of the decision's"})
    leased_by: str | None = Field(default=None, sa_column=Column(ExactText, comment="name of the moderator"))
    leased_until: datetime | None = None
    escalated: bool = Field(
        default=False,
        sa_column=Column(Boolean, nullable=False, server_default=false(), comment="waits for an admin"),
    )
    skipped_by: str | None = Field(
        default=None, sa_column=Column(ExactText, comment="who is not asked again")
    )
    skipped_until: datetime | None = None
    blind: bool = Field(
        default=False,
        sa_column=Column(
            Boolean, nullable=False, server_default=false(), comment="decided: waits for a second opinion"
        ),
    )
    decided_by: str | None = Field(default=None, sa_column=Column(ExactText, comment="name of the moderator"))
    settled_at: datetime | None = Field(
        default=None, sa_column_kwargs={"comment": "when it was decided or withdrawn; NULL: it waits"}
    )
