"""Connections: SQLite (a file, or memory for tests) and PostgreSQL.

SQLite runs with a write-ahead log, so that readers and the one writer don't wait for each other, and
with synchronous=FULL: what a caller was told is stored survives a power cut, as with PostgreSQL's
defaults. (NORMAL would save the fsync of each transaction, and a power cut could take back the last
ones: a comment on hold would be in nobody's queue.)
"""

import logging
import math
import sqlite3
from collections.abc import Callable
from os.path import samestat
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from moderation.errors import StoreUnreachableError
from moderation.extras import missing_extra
from moderation.store.database.errors import database_label
from moderation.store.database.exact import dump_json, load_json

READ_ONLY = {"store_begin": "BEGIN"}
"""Execution options of connections that only read: on SQLite they wait for no writer."""

_QUIET = "moderation"
# SQLAlchemy's log shows statements at INFO, with us without their values; but at DEBUG whole rows, and these are comments.
logging.getLogger(f"sqlalchemy.engine.Engine.{_QUIET}").addFilter(
    lambda record: record.levelno >= logging.INFO
)

_SCHEMES = "sqlite:///moderation.db or postgresql://user@host/database"


def open_engine(url: str, *, busy_timeout_s: float, create: bool = True) -> Engine:
    """Return an engine; it connects when it is first used.

    Args:
        url: `sqlite:///FILE`, `sqlite://` (memory) or `postgresql://…`, which runs with psycopg 3.
        busy_timeout_s: how long a statement waits for a lock of another process.
        create: whether SQLite may make a file that is not there.

    Raises:
        StoreUnreachableError: the URL makes no sense, or the file, if it may not be made, or its folder does not exist.
        MissingExtraError: psycopg is not installed.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        if not in_memory(parsed):
            _require_folder(parsed)
            if not create:
                _require_file(parsed)
        return _open_sqlite(parsed, busy_timeout_s)
    return _open_postgres(parsed, busy_timeout_s)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # which say the URL, and that may hold a password
        raise StoreUnreachableError("the database's address is no URL", hint=f"use {_SCHEMES}") from None
    backend = parsed.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed.set(drivername="sqlite")
    raise StoreUnreachableError(f"{backend} databases are not supported", hint=f"use {_SCHEMES}")


def in_memory(url: URL) -> bool:
    """Whether the database is SQLite's in the memory of this process."""
    return url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}


def _open_sqlite(url: URL, busy_timeout_s: float) -> Engine:
    volatile = in_memory(url)
    engine = create_engine(
        url,
        connect_args={
            "isolation_level": None,  # transactions begin when we say so, see `_begin_sqlite`
            "timeout": busy_timeout_s,
            "check_same_thread": False,  # the pool hands a connection to one thread at a time
        },
        poolclass=QueuePool,
        pool_size=1 if volatile else 5,  # each connection to memory is a database of its own
        max_overflow=0 if volatile else 10,
        pool_timeout=busy_timeout_s,
        json_serializer=dump_json,
        json_deserializer=load_json,
        hide_parameters=True,
        logging_name=_QUIET,
    )
    event.listen(engine, "connect", _set_pragmas(busy_timeout_s))
    if not volatile:
        _watch_file(engine)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _path(url: URL) -> Path:
    return Path(str(url.database).removeprefix("file:").partition("?")[0]).absolute()


def _require_folder(url: URL) -> None:
    folder = _path(url).parent
    if not folder.is_dir():
        raise StoreUnreachableError(
            f"the folder of {database_label(url)} does not exist", hint=f"create it: mkdir -p {folder}"
        )


def _require_file(url: URL) -> None:
    if not _path(url).exists():
        raise StoreUnreachableError(
            f"{database_label(url)} does not exist",
            hint="look at the address for a mistake; `moderation submit` and `moderation db upgrade` make a new one",
        )


def _watch_file(engine: Engine) -> None:
    """Notice before each transaction that the file was deleted or replaced: SQLite would write on into it."""
    path = _path(engine.url)
    opened = False

    def require(*_: object) -> None:
        if opened and not path.exists():  # SQLite would make an empty one
            raise _deleted(engine.url)

    def remember(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        nonlocal opened
        del connection
        entry.info["file"] = path.stat()
        opened = True

    def compare(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, proxy: PoolProxiedConnection
    ) -> None:
        del connection, proxy
        try:
            now = path.stat()
        except OSError:
            raise _deleted(engine.url) from None
        if not samestat(now, entry.info["file"]):
            raise DisconnectionError  # connect again, to the file that is there now

    event.listen(engine, "do_connect", require)
    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _deleted(url: URL) -> StoreUnreachableError:
    return StoreUnreachableError(
        f"the file of {database_label(url)} was deleted or moved", hint="put it back, and submit again"
    )


def _set_pragmas(busy_timeout_s: float) -> Callable[[sqlite3.Connection, ConnectionPoolEntry], None]:
    def set_pragmas(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        del entry
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        _use_wal(connection, monotonic() + busy_timeout_s)

    return set_pragmas


def _use_wal(connection: sqlite3.Connection, deadline: float) -> None:
    """Switch a new file to the write-ahead log; SQLite does not wait by itself while others do the same."""
    while connection.execute("PRAGMA journal_mode").fetchone() == ("delete",):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start.

    A transaction that read first and then wrote could not wait for another's lock, only fail.
    """
    connection.exec_driver_sql(connection.get_execution_options().get("store_begin", "BEGIN IMMEDIATE"))


def _bounded(url: URL, silence_s: int) -> URL:
    """Say how long the server's machine may be silent, in seconds, unless the address says so.

    One that vanished, or a network that did, sends nothing that would end a connection; the system would wait for a
    quarter of an hour where something was sent, and for two hours where an answer is waited for.
    """
    bounds = {
        "connect_timeout": silence_s,
        "tcp_user_timeout": silence_s * 1000,
        "keepalives_idle": silence_s,
        "keepalives_interval": silence_s,
    }
    return url.update_query_dict(
        {name: str(value) for name, value in bounds.items() if name not in url.query}
    )


def _open_postgres(url: URL, busy_timeout_s: float) -> Engine:
    def set_session(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        del entry
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {math.ceil(busy_timeout_s * 1000)}")
        cursor.execute("SET timezone = 'UTC'")  # psycopg has no year 0 to show 0001-01-01 in
        cursor.execute("SET DateStyle = 'ISO'")  # psycopg reads no aware times in another
        cursor.close()
        connection.commit()

    try:
        engine = create_engine(
            _bounded(url, max(2, math.ceil(busy_timeout_s))),
            pool_pre_ping=True,  # the server may have been restarted since
            pool_timeout=busy_timeout_s,
            json_serializer=dump_json,
            json_deserializer=load_json,
            hide_parameters=True,
            logging_name=_QUIET,
        )
    except ImportError:
        raise missing_extra("PostgreSQL needs psycopg, which is not installed", "postgres") from None
    event.listen(engine, "connect", set_session)
    return engine
