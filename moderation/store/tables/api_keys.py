"""The tables of the service's keys, of what was done to them, and of how much each was used in a minute."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String
from sqlmodel import Field

from moderation.domain import KeyChange
from moderation.store.database.exact import ExactText
from moderation.store.tables.base import DOCUMENT, ROW_ID, Table, by_value, row_id


class ApiKeyRow(Table, table=True):
    """A key to the HTTP service. What it opens is kept; the secret in it is not."""

    __tablename__ = "api_key"

    id: int = row_id()
    public_id: str = Field(
        sa_column=Column(String(16), nullable=False, unique=True, comment="the part of the key that is shown")
    )
    name: str = Field(
        sa_column=Column(ExactText, nullable=False, index=True, comment="who or what it is for")
    )
    hash: str = Field(sa_column=Column(String(64), nullable=False, comment="SHA-256 of the whole key, hex"))
    scopes: list[str] = Field(sa_column=Column(DOCUMENT, nullable=False, comment="what it may do"))
    sites: list[str] = Field(
        sa_column=Column(DOCUMENT, nullable=False, comment="where; empty: on every site")
    )
    quota: int | None = Field(
        default=None, sa_column=Column(Integer, comment="comments a minute; NULL: as many as come")
    )
    by: str = Field(sa_column=Column(ExactText, nullable=False, comment="who made it"))
    created_at: datetime
    ends_at: datetime | None = Field(
        default=None, sa_column_kwargs={"comment": "revoked, or replaced, from then on; NULL: not"}
    )


class ApiKeyChangeRow(Table, table=True):
    """Who did what to a key; only ever added."""

    __tablename__ = "api_key_change"

    id: int = row_id()
    public_id: str = Field(sa_column=Column(String(16), nullable=False, comment="of the key"))
    name: str = Field(sa_column=Column(ExactText, nullable=False, comment="of the key"))
    change: KeyChange = Field(sa_column=Column(by_value(KeyChange), nullable=False))
    by: str = Field(sa_column=Column(ExactText, nullable=False, comment="who did it"))
    at: datetime


class ApiKeyUseRow(Table, table=True):
    """How many comments a key's quota was spent on in a minute. Kept for an hour."""

    __tablename__ = "api_key_use"

    key_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("api_key.id"), primary_key=True))
    minute: int = Field(
        sa_column=Column(Integer, primary_key=True, autoincrement=False, comment="minutes since 1970, UTC")
    )
    used: int = Field(sa_column=Column(Integer, nullable=False, comment="or set aside by a process"))
