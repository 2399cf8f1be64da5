"""The tables of what moderators decided, and of what authors objected."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, text
from sqlmodel import Field

from moderation.domain import AppealAnswer, VerdictKind
from moderation.store.database.exact import ExactText
from moderation.store.tables.base import ROW_ID, Table, by_value, row_id

OPEN_APPEAL = text("answered_at IS NULL")
"""Written out, not a parameter: see `PENDING` in queue_order.py."""


class VerdictRow(Table, table=True):
    """What a moderator decided about a comment. Append-only: an undo is a row of its own."""

    __tablename__ = "verdict"
    __table_args__ = (Index(None, "comment_id", "id"), Index(None, "by", "created_at"))

    id: int = row_id()
    uid: str = Field(sa_column=Column(String(36), nullable=False, unique=True, comment="applied once"))
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False))
    kind: VerdictKind = Field(sa_column=Column(by_value(VerdictKind), nullable=False))
    by: str = Field(sa_column=Column(ExactText, nullable=False, comment="name of the moderator"))
    text_hash: str = Field(sa_column=Column(String(64), nullable=False, comment="of the text shown"))
    reason: str = Field(default="", sa_column=Column(ExactText, nullable=False, comment="rule or policy"))
    note: str = Field(default="", sa_column=Column(ExactText, nullable=False))
    undoes: int | None = Field(
        default=None, sa_column=Column(ROW_ID, ForeignKey("verdict.id"), unique=True, comment="taken back")
    )
    batch: str | None = Field(default=None, sa_column=Column(String(36), index=True))
    blind: bool = Field(
        default=False, sa_column_kwargs={"comment": "a second opinion, which settles nothing"}
    )
    seconds: float | None = Field(default=None, sa_column_kwargs={"comment": "from shown to decided"})
    created_at: datetime = Field(index=True)


class AppealRow(Table, table=True):
    """An author's objection, and what a moderator answered."""

    __tablename__ = "appeal"
    __table_args__ = (
        Index(
            "uq_appeal_open",
            "comment_id",
            unique=True,
            postgresql_where=OPEN_APPEAL,
            sqlite_where=OPEN_APPEAL,
        ),
        Index(None, "comment_id"),
    )

    id: int = row_id()
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False))
    message: str = Field(sa_column=Column(ExactText, nullable=False, comment="as the author wrote it"))
    created_at: datetime
    answer: AppealAnswer | None = Field(
        default=None, sa_column=Column(by_value(AppealAnswer), comment="NULL: open")
    )
    answered_by: str | None = Field(
        default=None, sa_column=Column(ExactText, comment="name of the moderator")
    )
    answered_at: datetime | None = None
    note: str = Field(default="", sa_column=Column(ExactText, nullable=False))
