"""The tables. They are not the domain: rows are read and written by this package alone.

Whoever changes them adds a revision to `migrations/versions`; a test compares the two.
"""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from moderation.domain import Action, Cause, VerdictKind
from moderation.store.database.errors import UNIQUE_COMMENT
from moderation.store.database.exact import ExactText

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


class QueueStatus(StrEnum):
    """What became of a queue item."""

    PENDING = "pending"  # waits for a moderator
    DECIDED = "decided"  # a moderator approved or rejected it
    WITHDRAWN = "withdrawn"  # needs nobody: the author changed the text, or it was decided anew


def words(enum: type[StrEnum]) -> Enum:
    """Store an enum by its value, as text: a new member needs no migration."""
    return Enum(
        enum, native_enum=False, length=16, values_callable=lambda kind: [member.value for member in kind]
    )


class CommentRow(Table, table=True):
    """A comment as its author wrote it; each revision is a row."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("site", "external_id", "revision", name=UNIQUE_COMMENT),
        Index(None, "site", "text_key", "created_at"),
        Index(
            None, "author_id", postgresql_using="hash"
        ),  # of any length, where an ordered index has a limit
        Index(None, "thread", postgresql_using="hash"),
    )

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    site: str = Field(sa_column=Column(ExactText, nullable=False))
    external_id: str = Field(
        sa_column=Column(ExactText, nullable=False, comment="the comment system's own id")
    )
    revision: int = Field(sa_column_kwargs={"comment": "0, and one more with each edit"})
    text: str = Field(
        sa_column=Column(
            ExactText, nullable=False, comment="as written; U+001A and 4 hex digits: see exact.py"
        )
    )
    text_key: str = Field(
        sa_column=Column(String(64), nullable=False, comment="equal for texts that say the same")
    )
    thread: str | None = Field(default=None, sa_column=Column(ExactText))
    author_id: str | None = Field(default=None, sa_column=Column(ExactText))
    author: dict[str, Any] | None = Field(
        default=None, sa_column=Column(DOCUMENT, comment="what was known of the author; see codec.py")
    )
    locale: str | None = Field(default=None, sa_column=Column(ExactText))
    is_top_level: bool | None = Field(default=None, sa_column_kwargs={"comment": "NULL: unknown"})
    reports: int | None = Field(default=None, sa_column_kwargs={"comment": "by readers; NULL: unknown"})
    created_at: datetime = Field(sa_column_kwargs={"comment": "when it was written"})
    received_at: datetime = Field(sa_column_kwargs={"comment": "when it was stored"})


class RulesetRow(Table, table=True):
    """A ruleset that decided something, kept so that the decision can be made again."""

    __tablename__ = "ruleset"

    hash: str = Field(sa_column=Column(String(64), primary_key=True, comment="SHA-256, hex"))
    source: str = Field(sa_column=Column(ExactText, nullable=False, comment="rules.yaml as it was"))
    files: dict[str, str] = Field(
        sa_column=Column(DOCUMENT, nullable=False, comment="the files that it names: name to text")
    )
    created_at: datetime = Field(sa_column_kwargs={"comment": "when it first decided a comment"})


class DecisionRow(Table, table=True):
    """What was decided about a comment. Append-only: the latest counts, the others are its history."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False, index=True))
    action: Action = Field(sa_column=Column(words(Action), nullable=False))
    language: str = Field(sa_column=Column(ExactText, nullable=False, comment="ISO 639-1, or und"))
    language_confidence: float
    reasons: list[dict[str, Any]] = Field(sa_column=Column(DOCUMENT, nullable=False))
    checks: list[dict[str, Any]] = Field(
        sa_column=Column(DOCUMENT, nullable=False, comment="outcome, signals, ms and error of each check")
    )
    scores: dict[str, float] = Field(
        sa_column=Column(DOCUMENT, nullable=False, comment="attribute to score; also in checks")
    )
    provenance: dict[str, str] = Field(sa_column=Column(DOCUMENT, nullable=False))
    shadow: list[dict[str, Any]] | None = Field(
        default=None, sa_column=Column(DOCUMENT, comment="reasons of rules in the shadow; NULL: none")
    )
    cause: Cause = Field(
        default=Cause.SUBMITTED,
        sa_column=Column(words(Cause), nullable=False, server_default=Cause.SUBMITTED.value),
    )
    by: str | None = Field(default=None, sa_column=Column(ExactText, comment="who had it made, if a person"))
    without: list[str] | None = Field(
        default=None, sa_column=Column(DOCUMENT, comment="rules that were left out; NULL: none")
    )
    ruleset: str = Field(sa_column=Column(String(64), ForeignKey("ruleset.hash"), nullable=False))
    created_at: datetime = Field(index=True)


class RuleHitRow(Table, table=True):
    """A rule that fired in a decision: what statistics, the brake and the queue's filter ask for."""

    __tablename__ = "rule_hit"
    __table_args__ = (
        Index(None, "rule", "created_at"),
        Index(
            "ix_rule_hit_version_id",
            "version_id",
            postgresql_where=text("version_id IS NOT NULL"),
            sqlite_where=text("version_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    decision_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("decision.id"), nullable=False, index=True))
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False))
    rule: str = Field(sa_column=Column(ExactText, nullable=False))
    action: Action = Field(sa_column=Column(words(Action), nullable=False))
    shadow: bool = Field(sa_column_kwargs={"comment": "recorded, not acted on"})
    version_id: int | None = Field(
        default=None,
        sa_column=Column(
            ROW_ID, ForeignKey("rule_version.id"), comment="set while the brake watches the rule"
        ),
    )
    created_at: datetime


class VerdictRow(Table, table=True):
    """What a moderator decided about a comment. Append-only: an undo is a row of its own."""

    __tablename__ = "verdict"
    __table_args__ = (Index(None, "comment_id", "id"), Index(None, "by", "created_at"))

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    uid: str = Field(sa_column=Column(String(36), nullable=False, unique=True, comment="applied once"))
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False))
    kind: VerdictKind = Field(sa_column=Column(words(VerdictKind), nullable=False))
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

    id: int | None = Field(default=None, sa_column=Column(ROW_ID, primary_key=True))
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False, unique=True))
    decision_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("decision.id"), nullable=False))
    action: Action = Field(sa_column=Column(words(Action), nullable=False))
    priority: float = Field(sa_column_kwargs={"comment": "higher first"})
    status: QueueStatus = Field(sa_column=Column(words(QueueStatus), nullable=False))
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
