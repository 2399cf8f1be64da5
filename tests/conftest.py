"""What tests of several parts share."""

import gc
import os
import signal
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile, disk_usage

import pytest

from moderation.desk import passwords
from moderation.store import Store
from tests.support import laws
from tests.support.databases import Databases
from tests.support.needs import missing
from tests.support.postgres import running_server
from tests.support.processes import Begin, children
from tests.support.scorers import embedded_model_shared

laws.register_profiles()

_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of this user's own there
_ENOUGH = 2 * 1024**3  # bytes; containers often have 64 MiB
if "PYTEST_DEBUG_TEMPROOT" not in os.environ and _MEMORY.is_dir() and disk_usage(_MEMORY).free > _ENOUGH:
    # SQLite waits at each commit until the disk has it, against power cuts, which no test makes.
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)

_NOT_COUNTED = ("slow", "postgres")  # each line is to be reached by a quick test, on SQLite, as well

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Run in the background, as by `make test &`, tests ignore Ctrl-C, and so would the programs that they interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count no line as tested that only a random example or a long test reached; not traced, they take half the time."""
    for item in items:
        random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if random or any(item.get_closest_marker(name) for name in _NOT_COUNTED):
            item.add_marker("no_cover")


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Look for garbage among what tests leave, not again and again among thousands of tests and all that they import."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is marked `torch` where Detoxify isn't installed."""
    if item.get_closest_marker("torch") and find_spec("detoxify") is None:
        missing("no torch here: pip install comment-moderation[torch]")


@pytest.fixture(scope="session", autouse=True)
def embedded_model_once() -> Iterator[None]:
    """The embedded model is opened once for all pipelines of a process: it is the same, and nothing in it changes."""
    with embedded_model_shared():
        yield


@pytest.fixture(autouse=True)
def processes_counted_as_their_test(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that a test starts are traced only where the test is."""
    if request.node.get_closest_marker("no_cover"):
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash passwords by the same algorithm, at less cost than they deserve; who checks one reads its cost off the hash."""

    def _cheap() -> object:
        from argon2 import PasswordHasher

        return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

    monkeypatch.setattr(passwords, "_hasher", _cheap)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """One PostgreSQL for all tests of a process."""
    with running_server() as server:
        yield Databases(server)


@pytest.fixture
def empty_postgres_url(postgres: Databases) -> Iterator[str]:
    """A database of this test alone, without tables."""
    with postgres.empty() as url:
        yield url


@pytest.fixture
def postgres_url(postgres: Databases) -> Iterator[str]:
    """A database of this test alone, with our tables."""
    with postgres.upgraded() as url:
        yield url


@pytest.fixture
def begin() -> Iterator[Begin]:
    """What starts processes; they are killed at the end."""
    with children() as started:
        yield started


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
