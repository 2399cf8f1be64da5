"""PostgreSQL databases for tests, one after the other, each as if it were new.

Making and dropping a database for each test costs a tenth of a second, most of it copying files. Emptying
the tables that a test filled costs a few milliseconds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from moderation.store import Store
from tests.support.postgres import Server

_TEMPLATE = "template_upgraded"

_END_SESSIONS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
"""What a test left open would hold locks."""

_SHAPE = """
SELECT md5(string_agg(item, ' ' ORDER BY item)) FROM (
  SELECT format('%s %s', oid, relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT format('%s %s %s', attrelid, attname, atttypid) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
  WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT format('%s %s', oid, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT format('%s %s', setrole, setconfig) FROM pg_db_role_setting
  UNION ALL
  SELECT version_num FROM alembic_version
) AS items (item)
"""
"""A digest of all that emptying the tables would not restore: tables, columns, settings, the revision."""

_EMPTY = """
DO $$
DECLARE
  name text;
  filled boolean;
  names text[] := '{}';
BEGIN
  FOR name IN
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO filled;
    IF filled THEN names := names || name; END IF;
  END LOOP;
  SET LOCAL session_replication_role = replica;  -- in any order, whatever refers to what
  FOREACH name IN ARRAY names LOOP EXECUTE format('DELETE FROM %s', name); END LOOP;
  PERFORM setval(oid::regclass, 1, false) FROM pg_class
  WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END $$
"""
"""Rows are numbered from 1 again. To delete a test's few rows is quicker than TRUNCATE, which makes new files."""


@dataclass
class Databases:
    """The databases of one server; for one test at a time."""

    server: Server
    _shape: str = ""  # of a database as our migrations leave it
    _spare: str = ""  # a clean database, waiting for the next test

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Make a database without tables, and drop it at the end; return its URL."""
        name = self._create("template0")
        yield self.server.url(name)
        self._drop(name)

    @contextmanager
    def upgraded(self) -> Iterator[str]:
        """Lend a database with our tables, all of them empty; return its URL."""
        self._shape = self._shape or self._make_template()
        name, self._spare = self._spare or self._create(_TEMPLATE), ""
        yield self.server.url(name)
        if self._clean(name):
            self._spare = name
        else:
            self._drop(name)

    def _make_template(self) -> str:
        with self._connected("postgres") as run:
            run(f"CREATE DATABASE {_TEMPLATE}")
        Store.upgrade(self.server.url(_TEMPLATE))
        with self._connected(_TEMPLATE) as run:
            return str(run(_SHAPE))

    def _clean(self, name: str) -> bool:
        """Empty a database; tell whether it is as new, or whether a test changed more than rows."""
        with self._connected(name) as run:
            run(_END_SESSIONS)
            if run(_SHAPE) != self._shape:
                return False
            run(_EMPTY)
            return True

    def _create(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        with self._connected("postgres") as run:
            run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        with self._connected("postgres") as run:
            run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def _connected(self, database: str) -> Iterator[Callable[[str], Any]]:
        """Return what runs a statement, and answers with the first value of its first row."""
        import psycopg

        with psycopg.connect(self.server.url(database), autocommit=True) as connection:

            def run(statement: str) -> Any:
                cursor = connection.execute(statement.encode())
                row = cursor.fetchone() if cursor.description else None
                return row[0] if row else None

            yield run
