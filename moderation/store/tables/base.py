"""What all tables are made of. They are not the domain: rows are read and written by this package alone.

Whoever changes a table adds a revision to `migrations/versions`; a test compares the two.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Enum, Integer, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

ROW_ID = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows itself in INTEGER columns only
DOCUMENT = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

_NAMES = {  # names that a later revision can drop a constraint by, on SQLite too
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=_NAMES))):
    """Base of our tables; a program that uses this library may have a table `comment` of its own."""


def row_id() -> Any:  # noqa: ANN401 - what a field is set to has no type of its own
    """Return a row's number: given by the database, and known of every row that was read or flushed."""
    return Field(default=None, sa_column=Column(ROW_ID, primary_key=True))


def by_value(enum: type[StrEnum]) -> Enum:
    """Store an enum by its value, as text: a new member needs no migration."""
    return Enum(
        enum, native_enum=False, length=16, values_callable=lambda kind: [member.value for member in kind]
    )
