"""Every way in which a database fails, caused for real."""

import sqlite3
import subprocess
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from moderation.domain import Action, CheckResult, Outcome
from moderation.errors import (
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreOutdatedError,
    StoreReadOnlyError,
    StoreUnreachableError,
)
from moderation.store import Store, iterate
from moderation.store.database.errors import lost_race
from tests.store.samples import comment, decision, new_row, save, save_comments
from tests.support.postgres import running_server

QUOTE = "what the author wrote"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with our tables and one comment."""
    with Store.open(f"sqlite:///{tmp_path}/a.db") as store:
        save_comments(store, [comment("before")])
    return tmp_path / "a.db"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


def statement(store, *statements):
    with store.transaction() as session:
        for sql in statements:
            session.connection().exec_driver_sql(sql)


def cut_off_in_the_middle(store, other):
    with store.transaction() as session:
        session.connection().exec_driver_sql("INSERT INTO ruleset VALUES ('x', '', '{}', now())")
        number = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar()
        statement(other, f"SELECT pg_terminate_backend({number})")
        session.connection().exec_driver_sql("SELECT 1")


def store_until_it_fails(store, stored):
    for number in range(1_000_000):
        save(store, *(new_row(comment(f"{number}-{n}"), decision(Action.HOLD)) for n in range(20)))
        stored.append(20)


def test_a_locked_sqlite_file_is_busy(path):
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(f"sqlite:///{path}", busy_timeout_s=0.05) as store:
        with pytest.raises(StoreBusyError, match="stayed locked") as caught:
            save_comments(store, [comment()])
        assert "MODERATION_BUSY_TIMEOUT_S" in caught.value.hint
        assert len(list(iterate(store))) == 1
        other.close()
        save_comments(store, [comment()])


def test_a_new_sqlite_file_that_stays_locked_is_busy(tmp_path):
    other = sqlite3.connect(tmp_path / "a.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusyError):
        Store.open(f"sqlite:///{tmp_path}/a.db", busy_timeout_s=0.05)
    other.close()
    Store.open(f"sqlite:///{tmp_path}/a.db", busy_timeout_s=0.05).close()


def test_a_sqlite_file_without_a_write_ahead_log_needs_the_right_to_write(path):
    plain = sqlite3.connect(path)
    plain.execute("PRAGMA journal_mode = DELETE")
    plain.close()
    with pytest.raises(StoreReadOnlyError):
        Store.open(f"sqlite:///file:{path}?mode=ro&uri=true")
    Store.open(f"sqlite:///{path}").close()


@pytest.mark.postgres
def test_a_locked_postgresql_table_is_busy(postgres_url):
    with Store.open(postgres_url, busy_timeout_s=0.05) as store, Store.open(postgres_url) as other:
        with other.transaction() as session:
            session.connection().exec_driver_sql("LOCK TABLE comment IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreBusyError, match="55P03"):
                save_comments(store, [comment()])
        save_comments(store, [comment()])


def test_a_store_whose_connections_are_all_in_use_is_busy():
    with Store.open("sqlite://", busy_timeout_s=0.05) as store, store.reading() as session:
        session.connection()
        with pytest.raises(StoreBusyError, match="every connection is in use"):
            save_comments(store, [comment()])


def test_a_sqlite_file_that_is_read_only_can_be_read_but_not_written(path):
    with Store.open(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        assert len(list(iterate(store))) == 1
        with pytest.raises(StoreReadOnlyError, match="can't be written to") as caught:
            save_comments(store, [comment()])
    assert "right to write" in caught.value.hint


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("restriction", "state"),
    [
        ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; COMMIT; BEGIN", "25006"),
        ("CREATE ROLE reader IN ROLE pg_read_all_data; SET ROLE reader", "42501"),
    ],
    ids=["read_only", "no_right"],
)
def test_a_postgresql_that_may_only_be_read_is_read_only(postgres_url, restriction, state):
    with Store.open(postgres_url) as store:
        save(store)
        with pytest.raises(StoreReadOnlyError, match=state):
            statement(store, restriction, "DELETE FROM queue_item")


def test_a_sqlite_file_that_may_not_grow_is_full_and_keeps_what_it_has(path):
    with Store.open(f"sqlite:///{path}") as store:
        with pytest.raises(StoreFullError, match="no space left"):
            statement(store, "PRAGMA max_page_count = 1", "CREATE TABLE more AS SELECT zeroblob(1000000)")
        assert [item.comment.external_id for item in iterate(store)] == ["before"]


def test_a_full_disk_keeps_what_is_stored(small_disk):
    stored: list[int] = []
    with Store.open(f"sqlite:///{small_disk}/a.db") as store:
        with pytest.raises(StoreFullError):
            store_until_it_fails(store, stored)
        assert len(list(iterate(store))) == sum(stored) > 0
    with Store.open(f"sqlite:///{small_disk}/a.db") as store:
        assert len(list(iterate(store))) == sum(stored)


def test_a_disk_that_is_full_before_is_full(small_disk):
    (small_disk / "film").write_bytes(bytes(1024 * 1024))
    with pytest.raises(StoreFullError):
        Store.open(f"sqlite:///{small_disk}/a.db")


def test_a_file_that_is_no_database_is_unreachable(tmp_path):
    (tmp_path / "a.db").write_text("this is a letter, not a database " * 1000)
    with pytest.raises(StoreUnreachableError, match="not a database") as caught:
        Store.open(f"sqlite:///{tmp_path}/a.db")
    assert "is whole" in caught.value.hint


def test_a_folder_in_place_of_the_file_is_unreachable(tmp_path):
    with pytest.raises(StoreUnreachableError, match="unable to open"):
        Store.open(f"sqlite:///{tmp_path}")


def test_a_damaged_sqlite_file_is_unreachable(path):
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreUnreachableError, match=r"SQLITE_CORRUPT|malformed"):
        Store.open(f"sqlite:///{path}")


def test_a_sqlite_file_that_is_deleted_meanwhile_takes_no_comment_until_it_is_back(path):
    copy = path.with_name("copy.db")
    with Store.open(f"sqlite:///{path}") as store:
        save_comments(store, [comment("meanwhile")])
        path.rename(copy)
        with pytest.raises(StoreUnreachableError, match="deleted or moved"):
            save_comments(store, [comment("lost")])
        assert not path.exists()
        copy.rename(path)
        save_comments(store, [comment("after")])
        assert [item.comment.external_id for item in iterate(store)] == ["before", "meanwhile", "after"]


def test_a_sqlite_file_that_is_gone_is_not_made_anew_by_another_connection(path):
    copy = path.with_name("copy.db")
    with Store.open(f"sqlite:///{path}") as store:
        with store.reading() as session:
            session.connection()  # of the pool: the next one has to be opened
            path.rename(copy)
            with pytest.raises(StoreUnreachableError, match="deleted or moved"):
                save_comments(store, [comment("lost")])
            assert not path.exists()
            copy.rename(path)
        save_comments(store, [comment("after")])
        assert [item.comment.external_id for item in iterate(store)] == ["before", "after"]


def test_a_sqlite_file_that_is_replaced_is_the_one_that_is_used(path):
    with Store.open(f"sqlite:///{path}") as store:
        assert len(list(iterate(store))) == 1
        with Store.open(f"sqlite:///{path}-restored") as other:
            save_comments(other, [comment("restored")])
        path.with_name("a.db-restored").rename(path)
        assert [item.comment.external_id for item in iterate(store)] == ["restored"]


@pytest.mark.postgres
@pytest.mark.slow
def test_a_postgresql_that_stops_is_unreachable_until_it_runs_again():
    with running_server() as server:
        Store.upgrade(server.url())
        with Store.open(server.url()) as store:
            save_comments(store, [comment("before")])
            server.stop("fast")
            with pytest.raises(StoreUnreachableError, match="refused") as caught:
                save_comments(store, [comment("lost")])
            server.start()
            save_comments(store, [comment("after")])
            assert [item.comment.external_id for item in iterate(store)] == ["before", "after"]
    assert "that the server runs" in caught.value.hint


@pytest.mark.postgres
def test_a_connection_that_is_cut_in_the_middle_is_unreachable_and_stores_nothing(postgres_url):
    with Store.open(postgres_url) as store, Store.open(postgres_url) as other:
        with pytest.raises(StoreUnreachableError):
            cut_off_in_the_middle(store, other)
        with store.reading() as session:
            assert session.connection().exec_driver_sql("SELECT count(*) FROM ruleset").scalar() == 0


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("test@", "nobody-here:hunter2@", "nobody-here"), ("/test_", "/none_", "does not exist")],
    ids=["user", "database"],
)
def test_why_postgresql_refuses_a_connection_is_said_without_the_password(postgres_url, old, new, says):
    with pytest.raises(StoreUnreachableError, match=says) as caught:
        Store.open(postgres_url.replace(old, new))
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM nowhere", "SELECT colour FROM comment"], ids=["table", "column"]
)
def test_sqlites_words_for_what_is_not_there_are_known(path, sql):
    with (
        Store.open(f"sqlite:///{path}") as store,
        pytest.raises(StoreOutdatedError, match="SQLITE_ERROR"),
        store.reading() as session,
    ):
        session.connection().exec_driver_sql(sql)


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        pytest.param(sqlite3.SQLITE_CONSTRAINT_UNIQUE, True, id="the-comment-is-there"),
        pytest.param(sqlite3.SQLITE_CONSTRAINT_NOTNULL, False, id="another-constraint"),
        pytest.param(sqlite3.SQLITE_BUSY, False, id="locked"),
    ],
)
def test_a_lost_race_is_told_by_sqlites_code_and_not_by_its_words(code, lost):
    raised = sqlite3.IntegrityError("in words of another release")
    raised.sqlite_errorcode = code
    assert lost_race(IntegrityError("INSERT INTO comment", None, raised)) is lost


def test_tables_that_are_not_there_are_outdated(store):
    statement(store, "DROP TABLE queue_item")
    with pytest.raises(StoreOutdatedError, match="lacks a table") as caught:
        save(store, new_row(comment(), decision(Action.HOLD)))
    assert caught.value.hint == "run `moderation db upgrade`"
    assert list(iterate(store)) == []


def test_an_error_never_quotes_a_comment(store):
    """The ruleset is missing; the driver's own message holds the whole row."""
    missing = replace(decision(), provenance=replace(decision().provenance, ruleset=QUOTE))
    with pytest.raises(StoreError, match="refused") as caught:
        save(store, new_row(comment(text=QUOTE), missing))
    assert QUOTE not in "".join(traceback.format_exception(caught.value))
    assert list(iterate(store)) == []


def test_a_number_that_json_lacks_is_refused_and_nothing_stored(store):
    checks = {"links": CheckResult(Outcome.OK, ms=float("nan"))}
    with pytest.raises((StoreError, ValueError)):
        save(store, new_row(comment(), replace(decision(), checks=checks)))
    assert list(iterate(store)) == []
