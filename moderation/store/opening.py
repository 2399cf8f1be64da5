"""The database of this installation, opened as its settings say."""

from moderation.settings import settings
from moderation.store.database.store import Store


def database_url(given: str | None = None) -> str:
    """Return the database that was named, else the one of the settings."""
    return given or settings().database


def open_store(given: str | None = None, *, create: bool = False) -> Store:
    """Open the database that was named, else the one of the settings.

    Args:
        given: its URL.
        create: whether SQLite may make a file that is not there. Whoever only reads would take a mistyped name for an
            empty database.

    Raises:
        StoreOutdatedError: the tables are newer or, on PostgreSQL, older than this release.
        StoreError: the database can't be used.
        MissingExtraError: psycopg is not installed.
    """
    return Store.open(database_url(given), busy_timeout_s=settings().busy_timeout_s, create=create)
