"""The table of labels: scores that people outside say a text should have."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field

from moderation.store.database.exact import ExactText
from moderation.store.tables.base import DOCUMENT, Table, row_id


class LabelRow(Table, table=True):
    """A text, and how much of each attribute somebody says it has; only ever added."""

    __tablename__ = "label"

    id: int = row_id()
    site: str = Field(sa_column=Column(ExactText, nullable=False))
    external_id: str | None = Field(
        default=None, sa_column=Column(ExactText, comment="the comment system's own id, if it said one")
    )
    text: str = Field(sa_column=Column(ExactText, nullable=False))
    language: str | None = Field(
        default=None, sa_column=Column(ExactText, comment="as it was said; NULL: nobody did")
    )
    scores: dict[str, float] = Field(
        sa_column=Column(DOCUMENT, nullable=False, comment="attribute to 0-1, for the whole text")
    )
    spans: list[dict[str, Any]] | None = Field(
        default=None,
        sa_column=Column(
            DOCUMENT, comment="attribute, begin, end (code points, end exclusive) and score of parts"
        ),
    )
    source: str = Field(sa_column=Column(ExactText, nullable=False, comment="by which way it came"))
    by: str = Field(
        sa_column=Column(ExactText, nullable=False, comment="name of the key, or who imported it")
    )
    created_at: datetime = Field(index=True)
