import ast
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from moderation.domain import Action
from moderation.errors import StoreError, StoreOutdatedError
from moderation.settings import settings
from moderation.store import Store, iterate
from moderation.store.database.engine import open_engine
from moderation.store.database.schema import HEAD, REVISIONS, alembic_config, current, upgrade
from moderation.store.migrations import versions
from moderation.store.tables.base import Table
from tests.store.samples import comment, decision, new_row, save, save_comments

VERSIONS = Path(versions.__file__).parent


@pytest.fixture
def engine(database_url):
    engine = open_engine(database_url, busy_timeout_s=1)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["empty_sqlite_url", pytest.param("empty_postgres_url", marks=pytest.mark.postgres)])
def empty_url(request):
    return request.getfixturevalue(request.param)


def execute(url, statement):
    engine = open_engine(url, busy_timeout_s=1)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_the_listed_revisions_are_alembics():
    script = ScriptDirectory.from_config(alembic_config())
    assert [found.revision for found in script.walk_revisions()][::-1] == list(REVISIONS)
    assert script.get_heads() == [HEAD]


def test_the_revisions_make_what_the_tables_say(engine):
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_a_revision_stands_alone(path):
    """What it imported of ours would change under it, and with it what an old database becomes."""
    imported = {root for node in ast.walk(ast.parse(path.read_text())) for root in roots(node)}
    assert imported - sys.stdlib_module_names == {"alembic", "sqlalchemy"}
    assert "importlib" not in imported


def roots(node):
    if isinstance(node, ast.Import):
        return [name.name.split(".")[0] for name in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").split(".")[0]]
    return []


def test_the_tables_are_this_librarys_alone():
    """A program that uses it may have a table `comment` of its own."""
    from sqlmodel import SQLModel

    assert not SQLModel.metadata.tables.keys() & Table.metadata.tables.keys()


def test_an_empty_database_is_upgraded_once(empty_url):
    assert Store.upgrade(empty_url) == (None, HEAD)
    assert Store.upgrade(empty_url) == (HEAD, HEAD)


def test_an_upgrade_keeps_what_is_stored(database_url):
    Store.upgrade(database_url)
    with Store.open(database_url) as store:
        save_comments(store, [comment()])
    Store.upgrade(database_url)
    with Store.open(database_url) as store:
        assert [item.comment for item in iterate(store)] == [comment()]


def test_sqlite_is_upgraded_when_it_is_opened(empty_sqlite_url):
    Store.open(empty_sqlite_url).close()
    engine = open_engine(empty_sqlite_url, busy_timeout_s=1)
    assert current(engine) == HEAD
    engine.dispose()


@pytest.mark.postgres
def test_postgresql_is_upgraded_by_command_only(empty_postgres_url):
    with pytest.raises(StoreOutdatedError, match="older than this release") as caught:
        Store.open(empty_postgres_url)
    assert caught.value.hint == "run `moderation db upgrade`"
    engine = open_engine(empty_postgres_url, busy_timeout_s=1)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize("attempt", [Store.open, Store.upgrade], ids=["open", "upgrade"])
def test_tables_of_a_newer_release_are_left_alone(database_url, attempt):
    Store.upgrade(database_url)
    execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreOutdatedError, match="newer release \\(revision 9999") as caught:
        attempt(database_url)
    assert "pip install --upgrade" in caught.value.hint


def test_an_upgrade_that_fails_changes_nothing(empty_url):
    execute(empty_url, "CREATE TABLE queue_item (id INTEGER)")
    with pytest.raises(StoreError, match="refused"):
        Store.upgrade(empty_url)
    engine = open_engine(empty_url, busy_timeout_s=1)
    assert inspect(engine).get_table_names() == ["queue_item"]
    engine.dispose()


def test_a_downgrade_leaves_nothing(engine):
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_a_downgrade_forgets_what_the_release_before_cannot_read(engine):
    """It knows no binding of a user to a provider, and stops at a change that it has no word for."""
    with engine.begin() as connection:
        for change in ("added", "bound", "unbound"):
            values = f"'ann', '{change}', 'eve', '2026-11-20 10:00:00+00:00'"
            connection.exec_driver_sql(f"INSERT INTO user_change (name, change, by, at) VALUES ({values})")  # noqa: S608
        command.downgrade(alembic_config(connection), "0003")
        assert connection.exec_driver_sql("SELECT change FROM user_change").scalars().all() == ["added"]
    assert "issuer" not in {column["name"] for column in inspect(engine).get_columns("dashboard_user")}


def test_an_upgrade_gives_what_is_stored_what_new_comments_have(engine, database_url):
    """Filters find comments of before the upgrade, and reports count them."""
    with Store.open(database_url) as store:
        save(store, new_row(comment("1", thread="뉴스/1"), decision(Action.HOLD)))
        save(store, new_row(comment("2", thread=None), decision(Action.APPROVE)))
        save(store, new_row(comment("3", thread="\x00\x1a\ud800/1"), decision(Action.HOLD)))
    before = told(engine)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0001")
    assert Store.upgrade(database_url) == ("0001", HEAD)
    assert told(engine) == before
    assert before["queue_item"]
    assert before["rule_hit"]


def told(engine):
    """Return what the revision after the first one added to comments that wait, and their hits."""
    columns = {
        "queue_item": "comment_id, site, language, rule, score, thread_key",
        "rule_hit": "comment_id, decision_id, rule, action, shadow",
    }
    with engine.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT {names} FROM {table} ORDER BY {names}")).all()  # noqa: S608
            for table, names in columns.items()
        }


def test_the_command_of_alembic_finds_the_database_by_itself(database_url, monkeypatch):
    Store.upgrade(database_url)
    monkeypatch.setenv("MODERATION_DATABASE", database_url)
    settings.cache_clear()
    try:
        command.check(alembic_config())
    finally:
        settings.cache_clear()


def test_a_new_revision_is_written_in_terms_of_the_database(engine, tmp_path):
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    with engine.begin() as connection:
        config = alembic_config(connection)
        config.set_main_option("version_locations", str(tmp_path))
        config.set_main_option("path_separator", "os")
        written = command.revision(config, message="All again", rev_id="9999", autogenerate=True, head="base")
    text = (tmp_path / "9999_all_again.py").read_text()
    assert written
    assert "moderation." not in text
    assert 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")' in text
    assert "sa.DateTime(timezone=True)" in text
    compile(text, "9999", "exec")


@pytest.mark.slow
def test_a_database_that_is_up_to_date_is_opened_without_alembic(sqlite_url):
    script = f"import sys; from moderation.store import Store; Store.open({sqlite_url!r}).close(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
