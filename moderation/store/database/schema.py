"""Which revision the tables are at, and how they get to the one this release needs.

Alembic takes 0.3 s to import, so it is, only where there is something to do.
"""

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from moderation.errors import StoreOutdatedError
from moderation.logs import room_logger
from moderation.store.database.errors import database_label, translated

log = room_logger(__name__)

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every revision in `migrations/versions`, oldest first."""

HEAD = REVISIONS[-1]
"""The revision that this release needs."""

_LOCK = 0x6D6F6465  # "mode": any number, the same in all processes


def current(engine: Engine) -> str | None:
    """Return the revision that the tables are at; `None` if there are none.

    Raises:
        StoreError: the database can't be used.
    """
    with translated(engine.url), engine.connect().execution_options(store_begin="BEGIN") as connection:
        return _revision(connection)


def require_head(engine: Engine) -> None:
    """Check that the tables are what this release needs.

    Raises:
        StoreOutdatedError: they are older, newer, or not there.
        StoreError: the database can't be used.
    """
    revision = current(engine)
    _require_known(revision, engine)
    if revision != HEAD:
        raise StoreOutdatedError(
            f"the tables of {database_label(engine.url)} are older than this release "
            f"(revision {revision or 'none'}, not {HEAD})",
            hint="run `moderation db upgrade`",
        )


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Bring the tables to `HEAD`, in one transaction; safe from several processes at once.

    Returns:
        The revision before (`None`: there were no tables), and the one after.

    Raises:
        StoreOutdatedError: the tables are newer than this release.
        StoreError: the database can't be used.
    """
    with translated(engine.url), engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # SQLite's transaction is a lock by itself
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = _revision(connection)
        if before != HEAD:
            _require_known(before, engine)
            _run_alembic(connection)
    if before != HEAD:
        log.info(
            "the tables of %s are at revision %s, no longer %s", database_label(engine.url), HEAD, before
        )
    return before, HEAD


def alembic_config(connection: Connection | None = None) -> Any:  # noqa: ANN401 - Alembic is imported late
    """Return the configuration of Alembic: where the revisions are, and the connection to apply them on."""
    from alembic.config import Config  # noqa: PLC0415 - see the module

    # Alembic's own default is the standard output of when it was imported, which may be closed by now.
    config = Config(stdout=sys.stdout, attributes={"connection": connection})
    config.set_main_option(
        "script_location", str(Path(__file__).parents[1] / "migrations").replace("%", "%%")
    )
    return config


def _run_alembic(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see the module

    command.upgrade(alembic_config(connection), HEAD)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _require_known(revision: str | None, engine: Engine) -> None:
    if revision is not None and revision not in REVISIONS:
        raise StoreOutdatedError(
            f"the tables of {database_label(engine.url)} are of a newer release (revision {revision}, not {HEAD})",
            hint="upgrade this package: pip install --upgrade comment-moderation",
        )
