"""The tables that only the desk needs: appeals, users, what was done to them, and attempts to log in."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, text
from sqlmodel import Field

from moderation.domain import AppealAnswer, Role, UserChange
from moderation.store.database.exact import ExactText
from moderation.store.tables.comments import ROW_ID, Table, words

OPEN_APPEAL = text("answered_at IS NULL")
"""Written out, not a parameter: see `PENDING` in queue.py."""


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

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False))
    message: str = Field(sa_column=Column(ExactText, nullable=False, comment="as the author wrote it"))
    created_at: datetime
    answer: AppealAnswer | None = Field(
        default=None, sa_column=Column(words(AppealAnswer), comment="NULL: open")
    )
    answered_by: str | None = Field(
        default=None, sa_column=Column(ExactText, comment="name of the moderator")
    )
    answered_at: datetime | None = None
    note: str = Field(default="", sa_column=Column(ExactText, nullable=False))


class UserRow(Table, table=True):
    """A user of the dashboard."""

    __tablename__ = "dashboard_user"
    __table_args__ = (Index("uq_dashboard_user_issuer_subject", "issuer", "subject", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    name: str = Field(sa_column=Column(ExactText, nullable=False, unique=True))
    role: Role = Field(sa_column=Column(words(Role), nullable=False))
    password: str = Field(sa_column=Column(ExactText, nullable=False, comment="argon2, with its salt"))
    must_change: bool = Field(sa_column_kwargs={"comment": "a one-time password"})
    session: int = Field(
        default=1, sa_column=Column(Integer, nullable=False, comment="sessions of a lower number are over")
    )
    created_at: datetime
    disabled_at: datetime | None = None
    issuer: str | None = Field(default=None, sa_column=Column(ExactText, comment="provider; NULL: not bound"))
    subject: str | None = Field(default=None, sa_column=Column(ExactText, comment="who they are there"))


class UserChangeRow(Table, table=True):
    """Who did what to a user; only ever added."""

    __tablename__ = "user_change"

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    name: str = Field(sa_column=Column(ExactText, nullable=False, comment="of the user"))
    change: UserChange = Field(sa_column=Column(words(UserChange), nullable=False))
    by: str = Field(sa_column=Column(ExactText, nullable=False, comment="who did it"))
    at: datetime


class LoginAttemptRow(Table, table=True):
    """Somebody tried to log in. Kept for a day: it limits how often they may."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "name", "at"), Index(None, "address", "at"))

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    name: str = Field(sa_column=Column(ExactText, nullable=False, comment="as typed: perhaps of nobody"))
    address: str = Field(sa_column=Column(ExactText, nullable=False))
    failed: bool
    at: datetime = Field(index=True)
