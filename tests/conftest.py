"""What tests of several parts share."""

import signal
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from uuid import uuid4

import hypothesis
import pytest

from moderation.store import Store
from tests.support.postgres import Server, running_server

# A slow machine is no fault of what is tested.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Run in the background, as by `make test &`, tests ignore Ctrl-C, and so would the programs that they interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One PostgreSQL for all tests of a process."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> str:
    """Name of a database with our tables, empty: copying it is quicker than making them."""
    _execute(postgres_server, "CREATE DATABASE template_upgraded")
    Store.upgrade(postgres_server.url("template_upgraded"))
    return "template_upgraded"


@pytest.fixture
def empty_postgres_url(postgres_server: Server) -> Iterator[str]:
    """A database of this test alone, without tables."""
    yield from _database(postgres_server, "template0")


@pytest.fixture
def postgres_url(postgres_server: Server, postgres_template: str) -> Iterator[str]:
    """A database of this test alone, with our tables."""
    yield from _database(postgres_server, postgres_template)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables, empty: copying it is quicker than making them."""
    path = tmp_path_factory.mktemp("template") / "upgraded.db"
    Store.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A database file of this test alone; it does not exist yet."""
    return f"sqlite:///{tmp_path / 'moderation.db'}"


@pytest.fixture
def sqlite_url(empty_sqlite_url: str, sqlite_template: Path) -> str:
    """A database file of this test alone, with our tables."""
    copyfile(sqlite_template, empty_sqlite_url.removeprefix("sqlite:///"))
    return empty_sqlite_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each kind of database, ready to be opened: the test runs once on each."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store, empty, on each kind of database."""
    with Store.open(database_url) as opened:
        yield opened


def _database(server: Server, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(server: Server, statement: str) -> None:
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(statement.encode())
