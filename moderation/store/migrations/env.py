"""Run by Alembic: applies revisions over a connection that the caller opened and will commit.

The `alembic` command, with which developers write new revisions, brings none: it gets one to
`$MODERATION_DATABASE`.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection
from sqlmodel import UTCDateTime

from moderation.settings import settings
from moderation.store.database.engine import open_engine
from moderation.store.database.exact import ExactText
from moderation.store.tables.base import Table


def _render(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - any type or constraint
    """Write our types into revisions as what the database sees: a revision outlives the code of its time."""
    if kind == "type" and isinstance(item, JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if kind == "type" and isinstance(item, ExactText):
        return "sa.Text()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=True,  # SQLite changes a table by copying it
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = open_engine(settings().database, busy_timeout_s=settings().busy_timeout_s)
    with engine.begin() as opened:
        _run(opened)
    engine.dispose()
