"""What goes wrong in a database, in our own words.

A driver's message may hold what was to be stored, so it is neither shown nor chained; only where no
connection came about, and so no comment is concerned, is it quoted.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from moderation.errors import (
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreOutdatedError,
    StoreReadOnlyError,
    StoreUnreachableError,
)

UNIQUE_COMMENT = "uq_comment_site_external_id_revision"
"""The constraint by which a comment is stored once."""


class AlreadyStoredError(Exception):
    """Another process stored one of the comments first: read it, and store the others again."""


class Diagnosis(NamedTuple):
    """One kind of trouble: the error, what happened (after the database's name), what to do."""

    error: type[StoreError]
    what: str
    hint: str


BUSY = Diagnosis(
    StoreBusyError,
    "stayed locked by another process",
    "try again; if it happens often, raise MODERATION_BUSY_TIMEOUT_S, or use PostgreSQL",
)
READ_ONLY = Diagnosis(
    StoreReadOnlyError,
    "can't be written to",
    "give this user the right to write to the database and, for SQLite, to its folder",
)
FULL = Diagnosis(StoreFullError, "has no space left", "free some disk space, and submit again")
UNREACHABLE = Diagnosis(
    StoreUnreachableError,
    "can't be reached, or is no database of this toolkit",
    "check the address, that the server runs, and that the file exists and is whole",
)
OUTDATED = Diagnosis(StoreOutdatedError, "lacks a table or column", "run `moderation db upgrade`")
UNKNOWN = Diagnosis(StoreError, "refused", "see docs/errors.md; if it happens again, please report it")

_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: UNREACHABLE,
    sqlite3.SQLITE_CORRUPT: UNREACHABLE,
    sqlite3.SQLITE_IOERR: UNREACHABLE,
    sqlite3.SQLITE_NOTADB: UNREACHABLE,
    sqlite3.SQLITE_IOERR_SHMSIZE: FULL,  # the disk has no room for the index of the write-ahead log
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html; two characters are a whole class
_POSTGRES = {
    "08": UNREACHABLE,
    "25006": READ_ONLY,
    "28": UNREACHABLE,
    "3D000": UNREACHABLE,
    "40": BUSY,  # deadlock, serialisation failure
    "42501": READ_ONLY,
    "42P01": OUTDATED,
    "42703": OUTDATED,
    "53100": FULL,
    "53300": BUSY,  # too many connections
    "55P03": BUSY,
    "57": UNREACHABLE,  # shut down, or starting
}

_DEADLOCK = "40P01"


def database_label(url: URL) -> str:
    """Name a database without user, password or options."""
    where = f"{url.host or ''}{f':{url.port}' if url.port else ''}/" if url.host or url.port else ""
    return f"the database {url.get_backend_name()}://{where or '/'}{url.database or ''}"


def lost_race(error: DBAPIError) -> bool:
    """Tell whether comments could not be stored because another process has stored one, or is about to.

    Args:
        error: what adding rows to `comment` raised: on SQLite the code does not say which constraint was violated,
            and that table has no other one of this kind.
    """
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_CONSTRAINT_UNIQUE
    if getattr(error.orig, "sqlstate", None) == _DEADLOCK:
        return True  # two processes store the same comments, each in another order
    diagnostics = getattr(error.orig, "diag", None)  # names a constraint, where one was violated
    return getattr(diagnostics, "constraint_name", None) == UNIQUE_COMMENT


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn what SQLAlchemy raises into a `StoreError` that says what to do.

    Raises:
        StoreError: or one of its kinds.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise _translate(error, url) from None


def _translate(error: SQLAlchemyError, url: URL) -> StoreError:
    found, detail = _diagnose(error)
    if isinstance(error, DBAPIError) and error.statement is None and found is UNREACHABLE:
        said = str(error.orig).strip().partition("\n")[0]
        detail = said.replace(str(url.password), "***") if url.password else said
    suffix = f" ({detail})" if detail else ""
    return found.error(f"{database_label(url)} {found.what}{suffix}", hint=found.hint)


def _diagnose(error: SQLAlchemyError) -> tuple[Diagnosis, str]:
    if isinstance(error, PoolTimeoutError):
        return BUSY, "every connection is in use"
    if not isinstance(error, DBAPIError):
        return UNKNOWN, type(error).__name__
    if isinstance(error.orig, sqlite3.Error):
        return _diagnose_sqlite(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2], UNKNOWN), f"SQLSTATE {state}"
    lost = error.connection_invalidated or error.statement is None
    return (UNREACHABLE if lost else UNKNOWN), type(error.orig).__name__


def _diagnose_sqlite(error: sqlite3.Error) -> tuple[Diagnosis, str]:
    code = getattr(error, "sqlite_errorcode", 0)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    # The file was replaced by another. SQLite has no code for it but plain SQLITE_ERROR; a test pins the words.
    if str(error).startswith("no such "):
        return OUTDATED, name
    return _SQLITE.get(code) or _SQLITE.get(code & 0xFF, UNKNOWN), name
