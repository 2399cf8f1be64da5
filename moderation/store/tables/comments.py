"""The tables of comments, of what was decided about them, and of the rules that had a part in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, UniqueConstraint, text
from sqlmodel import Field

from moderation.domain import Action, Cause
from moderation.store.database.errors import UNIQUE_COMMENT
from moderation.store.database.exact import ExactText
from moderation.store.tables.base import DOCUMENT, ROW_ID, Table, by_value, row_id


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

    id: int = row_id()
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
        default=None, sa_column=Column(DOCUMENT, comment="what was known of the author")
    )
    locale: str | None = Field(default=None, sa_column=Column(ExactText))
    is_top_level: bool | None = Field(default=None, sa_column_kwargs={"comment": "NULL: unknown"})
    reports: int | None = Field(default=None, sa_column_kwargs={"comment": "by readers; NULL: unknown"})
    created_at: datetime = Field(sa_column_kwargs={"comment": "when it was written"})
    received_at: datetime = Field(sa_column_kwargs={"comment": "when it was stored"})


class DecisionRow(Table, table=True):
    """What was decided about a comment. Append-only: the latest counts, the others are its history."""

    __tablename__ = "decision"

    id: int = row_id()
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False, index=True))
    action: Action = Field(sa_column=Column(by_value(Action), nullable=False))
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
        sa_column=Column(by_value(Cause), nullable=False, server_default=Cause.SUBMITTED.value),
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

    id: int = row_id()
    decision_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("decision.id"), nullable=False, index=True))
    comment_id: int = Field(sa_column=Column(ROW_ID, ForeignKey("comment.id"), nullable=False))
    rule: str = Field(sa_column=Column(ExactText, nullable=False))
    action: Action = Field(sa_column=Column(by_value(Action), nullable=False))
    shadow: bool = Field(sa_column_kwargs={"comment": "recorded, not acted on"})
    version_id: int | None = Field(
        default=None,
        sa_column=Column(
            ROW_ID, ForeignKey("rule_version.id"), comment="set while the brake watches the rule"
        ),
    )
    created_at: datetime
