"""A database that is open, and its transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from moderation.logs import room_logger
from moderation.store.database.engine import READ_ONLY, in_memory, open_engine
from moderation.store.database.errors import database_label, translated
from moderation.store.database.schema import HEAD, current, require_head, upgrade

log = room_logger(__name__)


class Store:
    """Where comments and decisions are kept. Safe to share between threads; open it once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**READ_ONLY)

    @property
    def shared(self) -> bool:
        """Whether other processes can reach it; a database in memory they can't."""
        url = self._engine.url
        return url.get_backend_name() != "sqlite" or url.database not in {None, "", ":memory:"}

    @classmethod
    def open(cls, url: str, *, busy_timeout_s: float = 5.0, create: bool = True) -> Self:
        """Connect, and make sure of the tables: on SQLite they are made or upgraded, on PostgreSQL checked.

        Args:
            url: `sqlite:///FILE`, `sqlite://` (in memory) or `postgresql://user@host/database`.
            busy_timeout_s: how long to wait for a database that others keep locked.
            create: whether SQLite may make a file that is not there.

        Raises:
            StoreOutdatedError: the tables are newer or, on PostgreSQL, older than this release.
            StoreError: the database can't be used.
            MissingExtraError: psycopg is not installed.
        """
        engine = open_engine(url, busy_timeout_s=busy_timeout_s, create=create)
        try:
            if engine.dialect.name == "sqlite" and current(engine) != HEAD:
                upgrade(engine)
            else:
                require_head(engine)
        except BaseException:
            engine.dispose()
            raise
        log.debug("%s is open", database_label(engine.url))
        return cls(engine)

    @staticmethod
    def upgrade(url: str, *, busy_timeout_s: float = 5.0) -> tuple[str | None, str]:
        """Bring a database's tables to what this release needs; nothing stored is lost.

        Returns:
            The revision before, `None` if there were no tables, and the one after.

        Raises:
            StoreOutdatedError: the tables are newer than this release.
            StoreError: the database can't be used.
            MissingExtraError: psycopg is not installed.
        """
        engine = open_engine(url, busy_timeout_s=busy_timeout_s)
        try:
            return upgrade(engine)
        finally:
            engine.dispose()

    @property
    def label(self) -> str:
        """The database as people may read it: without user, password and options."""
        return database_label(self._engine.url)

    @property
    def address(self) -> str | None:
        """The URL by which another process opens the same database; `None` for one in memory.

        It holds the password, if there is one: it is not for showing.
        """
        url = self._engine.url
        return None if in_memory(url) else url.render_as_string(hide_password=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Read and write: all of it is stored at the end, or nothing if an error leaves the block.

        Raises:
            StoreError: the database can't be used; nothing was stored. (Only if the connection was lost
                during the commit itself, nobody can tell. Submitting again is safe in any case.)
        """
        with translated(self._engine.url), Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Only read, without waiting for writers.

        Raises:
            StoreError: the database can't be used.
        """
        with translated(self._engine.url), Session(self._reader) as session:
            yield session

    @contextmanager
    def going_on(self, session: Session) -> Iterator[Session]:
        """Read once more in a session of `reading`; an error here does not spoil what is read in it later.

        Raises:
            StoreError: the database can't be used.
        """
        with translated(self._engine.url):
            try:
                yield session
            except SQLAlchemyError:
                session.rollback()  # PostgreSQL answers nothing more in a transaction that failed
                raise

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
