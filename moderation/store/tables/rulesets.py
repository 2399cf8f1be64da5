"""The tables of rulesets: each as it was, when it was made live, its rules' versions, and what the brake did.

All of them only grow.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String
from sqlmodel import Field

from moderation.store.database.exact import ExactText
from moderation.store.tables.base import DOCUMENT, ROW_ID, Table, by_value, row_id


class ChangeKind(StrEnum):
    """How a ruleset was made live."""

    APPLY = "apply"
    REVERT = "revert"  # an earlier one again


class BrakeKind(StrEnum):
    """What happened to a rule's power to reject."""

    BRAKED = "braked"  # it hit too much, too soon after its change
    RELEASED = "released"  # a person gave it back


class RulesetRow(Table, table=True):
    """A ruleset that decided something, kept so that the decision can be made again."""

    __tablename__ = "ruleset"

    hash: str = Field(sa_column=Column(String(64), primary_key=True, comment="SHA-256, hex"))
    source: str = Field(sa_column=Column(ExactText, nullable=False, comment="rules.yaml as it was"))
    files: dict[str, str] = Field(
        sa_column=Column(DOCUMENT, nullable=False, comment="the files that it names: name to text")
    )
    created_at: datetime = Field(sa_column_kwargs={"comment": "when it first decided a comment"})


class RulesetChangeRow(Table, table=True):
    """A ruleset that was made live; the latest one decides in every process that follows the log."""

    __tablename__ = "ruleset_change"

    id: int = row_id()
    ruleset: str = Field(sa_column=Column(String(64), ForeignKey("ruleset.hash"), nullable=False))
    kind: ChangeKind = Field(sa_column=Column(by_value(ChangeKind), nullable=False))
    by: str = Field(sa_column=Column(ExactText, nullable=False))
    message: str = Field(sa_column=Column(ExactText, nullable=False))
    rules: dict[str, Any] = Field(
        sa_column=Column(DOCUMENT, nullable=False, comment="names of rules added, changed and removed")
    )
    created_at: datetime


class RuleVersionRow(Table, table=True):
    """From when on a rule was as its fingerprint says."""

    __tablename__ = "rule_version"
    __table_args__ = (Index(None, "rule", "id"),)

    id: int = row_id()
    rule: str = Field(sa_column=Column(ExactText, nullable=False))
    fingerprint: str = Field(
        sa_column=Column(String(64), nullable=False, comment="of all that it does; empty: it is gone")
    )
    ruleset: str = Field(sa_column=Column(String(64), ForeignKey("ruleset.hash"), nullable=False))
    initial: bool = Field(sa_column_kwargs={"comment": "there from the start: nothing was changed"})
    created_at: datetime


class BrakeEventRow(Table, table=True):
    """A version of a rule that lost its power to reject, or got it back; the latest event counts."""

    __tablename__ = "brake_event"

    id: int = row_id()
    version_id: int = Field(
        sa_column=Column(ROW_ID, ForeignKey("rule_version.id"), nullable=False, index=True)
    )
    kind: BrakeKind = Field(sa_column=Column(by_value(BrakeKind), nullable=False))
    hits: int | None = Field(
        default=None, sa_column_kwargs={"comment": "comments it would have rejected since its change"}
    )
    of: int | None = Field(default=None, sa_column_kwargs={"comment": "comments decided since its change"})
    by: str | None = Field(default=None, sa_column=Column(ExactText, comment="who released it"))
    created_at: datetime
