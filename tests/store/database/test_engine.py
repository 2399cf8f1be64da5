import sqlite3
import sys
import traceback
from pathlib import Path

import pytest

from moderation.domain import Action
from moderation.errors import MissingExtraError, ModerationError, StoreUnreachableError
from moderation.store import Store, iterate, repeats
from moderation.store.database.engine import open_engine
from tests.store.samples import NOON, comment, decision, new_row, save, save_comments

QUEUE_PAGE = """SELECT * FROM queue_item WHERE status = 'pending' AND (priority, id) < (2, 9)
    ORDER BY priority DESC, id DESC LIMIT 50"""


def pragma(store, name):
    with store.reading() as session:
        return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 1500)],
)
def test_sqlite_runs_with_the_documented_settings(sqlite_url, name, value):
    with Store.open(sqlite_url, busy_timeout_s=1.5) as store:
        assert pragma(store, name) == value


def test_a_relative_path_is_relative_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Store.open("sqlite:///here.db").close()
    assert (tmp_path / "here.db").exists()


def test_what_was_stored_is_there_when_the_database_is_opened_again(database_url):
    for number in range(2):
        with Store.open(database_url) as store:
            save_comments(store, [comment(f"{number}")])
    with Store.open(database_url) as store:
        assert len(list(iterate(store))) == 2


@pytest.mark.parametrize(
    "url", ["sqlite:///{}/none/a.db", "sqlite:///file:{}/none/a.db?uri=true"], ids=["path", "uri"]
)
def test_a_folder_that_does_not_exist_is_named_with_how_to_make_it(tmp_path, url):
    with pytest.raises(StoreUnreachableError, match="does not exist") as caught:
        Store.open(url.format(tmp_path))
    assert caught.value.hint == f"create it: mkdir -p {tmp_path}/none"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("moderation.db", "no URL"),
        ("", "no URL"),
        ("postgresql://me:secret@host:port/db", "no URL"),
        ("mysql://me:secret@host/db", "mysql databases are not supported"),
    ],
    ids=["path", "empty", "bad_port", "mysql"],
)
def test_an_address_that_makes_no_sense_is_refused_without_its_password(url, says):
    with pytest.raises(StoreUnreachableError, match=says) as caught:
        Store.open(url)
    assert "sqlite:///moderation.db or postgresql://" in caught.value.hint
    assert "secret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_way_to_write_postgresql_runs_with_psycopg_3(scheme):
    pytest.importorskip("psycopg")
    engine = open_engine(f"{scheme}://me@host/db", busy_timeout_s=1)
    assert engine.dialect.driver == "psycopg"
    engine.dispose()


def test_without_psycopg_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError) as caught:
        Store.open("postgresql://me@host/db")
    assert caught.value.hint == 'pip install "comment-moderation[postgres]"'


@pytest.mark.postgres
def test_options_in_the_address_are_kept(postgres_url):
    with (
        Store.open(f"{postgres_url}?application_name=ours&connect_timeout=3") as store,
        store.reading() as session,
    ):
        assert session.connection().exec_driver_sql("SHOW application_name").scalar() == "ours"


@pytest.mark.postgres
def test_a_machine_that_is_silent_is_given_up_unless_the_address_says_otherwise(postgres_url):
    with (
        Store.open(f"{postgres_url}?keepalives_idle=60", busy_timeout_s=3.2) as store,
        store.reading() as session,
    ):
        connection = session.connection().connection.driver_connection
        assert connection is not None
        bounds = connection.info.get_parameters()
    found = {name: bounds[name] for name in bounds if name.startswith(("tcp", "keep", "connect_"))}
    assert found == {
        "connect_timeout": "4",
        "tcp_user_timeout": "4000",
        "keepalives_idle": "60",
        "keepalives_interval": "4",
    }


@pytest.mark.postgres
def test_postgresql_waits_for_locks_as_long_as_told_and_speaks_utc(postgres_url):
    with Store.open(postgres_url, busy_timeout_s=1.5) as store, store.reading() as session:
        assert session.connection().exec_driver_sql("SHOW lock_timeout").scalar() == "1500ms"
        assert session.connection().exec_driver_sql("SHOW timezone").scalar() == "UTC"


@pytest.mark.postgres
def test_times_are_read_whatever_style_of_dates_the_database_is_set_to(postgres_url):
    with Store.open(postgres_url) as store:
        save_comments(store, [comment()])
        with store.transaction() as session:
            name = session.connection().exec_driver_sql("SELECT current_database()").scalar()
            session.connection().exec_driver_sql(f"ALTER DATABASE {name} SET DateStyle = 'German'")
    with Store.open(postgres_url) as store:
        assert [stored.comment.created_at for stored in iterate(store)] == [NOON]


def test_readers_do_not_wait_for_a_writer(database_url):
    with Store.open(database_url, busy_timeout_s=0.1) as store:
        save_comments(store, [comment()])
        with store.transaction() as writing:
            writing.connection().exec_driver_sql("DELETE FROM decision")
            assert len(list(iterate(store))) == 1


def test_a_writer_on_sqlite_has_the_lock_before_it_reads(sqlite_url):
    with Store.open(sqlite_url) as store, store.transaction() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM comment")
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (QUEUE_PAGE, "ix_queue_item_pending"),
        ("SELECT max(id) FROM decision WHERE comment_id = 7", "ix_decision_comment_id"),
        ("SELECT * FROM comment WHERE site = 'a' AND text_key = 'b' AND created_at > '2026-01-01'",
         "ix_comment_site_text_key_created_at"),
    ],
    ids=["queue", "decisions", "repetition"],
)  # fmt: skip
def test_frequent_queries_on_sqlite_run_over_an_index(sqlite_url, query, index):
    with Store.open(sqlite_url) as store, store.reading() as session:
        plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    assert all(line.startswith("SEARCH") for line in plan), plan
    assert index in plan[0]


@pytest.mark.postgres
def test_the_queue_on_postgresql_can_run_over_its_index(postgres_url):
    with Store.open(postgres_url) as store, store.reading() as session:
        session.connection().exec_driver_sql("SET enable_seqscan = off; SET enable_bitmapscan = off")
        plan = session.connection().exec_driver_sql(f"EXPLAIN {QUEUE_PAGE}").scalars().all()
    assert any("ix_queue_item_pending" in line for line in plan), plan
    assert not any("Sort" in line for line in plan), plan


def test_the_store_is_safe_for_texts_that_look_like_sql(store):
    evil = "x'); DROP TABLE comment; --"
    save(store, new_row(comment(evil, evil, site=evil, thread=evil), decision(Action.HOLD)))
    with store.reading() as session:
        [found] = repeats(
            evil,
            evil,
            author_id=evil,
            thread=evil,
            since=[NOON],
            until=NOON,
            exclude_external_id=evil,
            session=session,
        )
    assert (found.author, found.thread) == (0, 0)
    assert len(list(iterate(store, site=evil))) == 1


def test_every_error_of_opening_is_one_of_ours_and_nothing_is_left_open(tmp_path):
    """Unclosed connections would warn, and warnings are errors here."""
    Path(tmp_path / "text.db").write_text("not a database, but long enough to be taken for one" * 100)
    with pytest.raises(ModerationError):
        Store.open(f"sqlite:///{tmp_path}/text.db")
