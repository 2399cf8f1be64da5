"""The tables of the dashboard's users, of what was done to them, and of attempts to log in."""

from datetime import datetime

from sqlalchemy import Column, Index, Integer
from sqlmodel import Field

from moderation.domain import Role, UserChange
from moderation.store.database.exact import ExactText
from moderation.store.tables.base import Table, by_value, row_id


class UserRow(Table, table=True):
    """A user of the dashboard."""

    __tablename__ = "dashboard_user"
    __table_args__ = (Index("uq_dashboard_user_issuer_subject", "issuer", "subject", unique=True),)

    id: int = row_id()
    name: str = Field(sa_column=Column(ExactText, nullable=False, unique=True))
    role: Role = Field(sa_column=Column(by_value(Role), nullable=False))
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

    id: int = row_id()
    name: str = Field(sa_column=Column(ExactText, nullable=False, comment="of the user"))
    change: UserChange = Field(sa_column=Column(by_value(UserChange), nullable=False))
    by: str = Field(sa_column=Column(ExactText, nullable=False, comment="who did it"))
    at: datetime


class LoginAttemptRow(Table, table=True):
    """Somebody tried to log in. Kept for a day: it limits how often they may."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "name", "at"), Index(None, "address", "at"))

    id: int = row_id()
    name: str = Field(sa_column=Column(ExactText, nullable=False, comment="as typed: perhaps of nobody"))
    address: str = Field(sa_column=Column(ExactText, nullable=False))
    failed: bool
    at: datetime = Field(index=True)
