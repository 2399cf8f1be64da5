"""Exports and rejects: whole or not there, and true to the text."""

import csv
import io
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.comment_files.inputs import GoodRow, open_comments
from moderation.comment_files.outputs import COLUMNS, export_row, write_export
from moderation.comment_files.readers import BadRow
from moderation.comment_files.rejects import RejectsWriter
from moderation.domain import (
    Action,
    Author,
    CheckResult,
    Comment,
    Outcome,
    Provenance,
    Reason,
    Signal,
    SignalName,
    StoredDecision,
)
from moderation.errors import OutputFileError
from moderation.store import StoredComment

WHEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
FORMATS = ["jsonl", "csv", "parquet"]
any_text = st.text(st.characters(exclude_categories=()))


def row(text="hello", **changes):
    return {
        "comment_id": 1,
        "site": "news",
        "external_id": "c-1",
        "revision": 0,
        "thread": None,
        "author_id": "u",
        "text": text,
        "created_at": WHEN,
        "action": "hold",
        "language": "en",
        "scores": {"toxicity": 0.5, "threat": 0.25},
        "rules": ["a", "b"],
        "shadow_rules": ["c"],
        "received_at": WHEN,
        "model": "compact@1",
        "ruleset": "abc",
        **changes,
    }


def texts(path):
    with open_comments(path) as source:
        return [found.comment.text for found in source if isinstance(found, GoodRow)]


def test_a_stored_comment_is_flattened():
    checks = {
        "language": CheckResult(Outcome.OK, (Signal(SignalName.LANGUAGE, "en", confidence=1),)),
        "toxicity": CheckResult(Outcome.OK, (Signal(SignalName.SCORE, 0.5, "toxicity"),)),
    }
    reasons = (Reason("a", Action.HOLD, "Why."), Reason("b", Action.FLAG, "Why."))
    shadow = (Reason("c", Action.REJECT, "Why."),)
    provenance = Provenance("abc", "compact@1", "onnx", "1", "langdetect", "1")
    comment = Comment("hello", "news", "c-1", author=Author("u"), created_at=WHEN)
    stored = StoredComment(
        1,
        comment,
        StoredDecision(
            Action.HOLD, reasons, checks, provenance, shadow=shadow, id=1, comment_id=1, created_at=WHEN
        ),
        WHEN,
        WHEN,
    )
    assert export_row(stored) == row(scores={"toxicity": 0.5})
    assert tuple(export_row(stored)) == COLUMNS
    nobody = StoredComment(1, Comment("hello"), stored.decision, WHEN, WHEN)
    assert export_row(nobody)["author_id"] is None


def test_jsonl_nests_scores_and_rules(tmp_path):
    path = tmp_path / "a.jsonl"
    assert write_export(iter([row("안녕\u2028\x85"), row(created_at=None)]), path, format="jsonl") == 2
    first, second = path.read_bytes().splitlines()
    assert "안녕\\u2028\\u0085".encode() in first
    times = {"created_at": "2026-11-23T10:00:00+00:00", "received_at": "2026-11-23T10:00:00+00:00"}
    assert json.loads(first) == row("안녕\u2028\x85", **times)
    assert json.loads(second)["created_at"] is None


def test_csv_has_a_column_for_each_score(tmp_path):
    path = tmp_path / "a.csv"
    assert write_export([row("one\ntwo")], path, format="csv") == 1
    with path.open(encoding="utf-8", newline="") as file:
        (found,) = csv.DictReader(file)
    assert found["text"] == "one\ntwo"
    assert (found["score_toxicity"], found["score_threat"], found["score_insult"]) == ("0.5", "0.25", "")
    assert (found["rules"], found["thread"]) == ("a;b", "")
    assert found["created_at"] == "2026-11-23T10:00:00+00:00"


def test_parquet_has_types(tmp_path):
    path = tmp_path / "a.parquet"
    assert write_export((row(comment_id=n) for n in range(5000)), path, format="parquet") == 5000
    table = pq.read_table(path)
    assert table.num_rows == 5000
    first = table.slice(0, 1).to_pylist()[0]
    assert first["created_at"] == WHEN
    assert (first["score_toxicity"], first["score_insult"], first["rules"]) == (0.5, None, ["a", "b"])
    assert first["thread"] is None
    assert str(table.schema.field("revision").type) == "int64"


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_of_nothing_has_its_columns(tmp_path, kind):
    path = tmp_path / "a"
    assert write_export([], path, format=kind) == 0
    assert path.exists()
    if kind == "csv":
        assert path.read_text(encoding="utf-8").startswith("comment_id,site,external_id,")
    if kind == "parquet":
        assert pq.read_table(path).column_names[:2] == ["comment_id", "site"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_of_a_csv_is_a_formula(tmp_path, start):
    path = tmp_path / "a.csv"
    write_export([row(f"{start}HYPERLINK()", author_id=f"{start}1")], path, format="csv")
    with path.open(encoding="utf-8", newline="") as file:
        (found,) = csv.DictReader(file)
    assert found["text"] == f"'{start}HYPERLINK()"
    assert found["author_id"] == f"'{start}1"


def test_what_csv_and_parquet_cannot_hold_is_replaced(tmp_path):
    text = "a\x00b\ud800c"
    write_export([row(text)], tmp_path / "a.csv", format="csv")
    write_export([row(text)], tmp_path / "a.parquet", format="parquet")
    assert texts(tmp_path / "a.csv") == ["a\ufffdb\ufffdc"]
    assert texts(tmp_path / "a.parquet") == ["a\x00b\ufffdc"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_text, max_size=5))
def test_any_text_survives_jsonl(tmp_path, written):
    path = tmp_path / "a.jsonl"
    write_export([row(text) for text in ["first", *written]], path, format="jsonl")
    assert texts(path) == ["first", *written]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_survives_csv_but_for_the_apostrophe(tmp_path, text):
    path = tmp_path / "a.csv"
    write_export([row(text)], path, format="csv")
    assert texts(path) == ["'" + text if text.startswith(tuple("=+-@\t\r\n＝＋－＠")) else text]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_parquet(tmp_path, text):
    path = tmp_path / "a.parquet"
    write_export([row(text)], path, format="parquet")
    assert texts(path) == [text]


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_that_breaks_leaves_what_was_there(tmp_path, kind):
    path = tmp_path / "a"
    path.write_text("before")

    def broken():
        yield row()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_export(broken(), path, format=kind)
    assert path.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_an_export_replaces_what_a_link_points_to(tmp_path):
    target, link = tmp_path / "a.csv", tmp_path / "link.csv"
    target.write_text("before")
    link.symlink_to(target)
    write_export([row()], link, format="jsonl")
    assert link.is_symlink()
    assert json.loads(target.read_text())["text"] == "hello"


def test_a_device_is_written_to_and_not_replaced():
    assert write_export([row()], Path(os.devnull), format="csv") == 1
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", ["none/a.csv", "."])
def test_an_export_that_cannot_be_written_is_told(tmp_path, name):
    with pytest.raises(OutputFileError, match="can't be written") as caught:
        write_export([row()], tmp_path / name, format="csv")
    assert caught.value.hint


@pytest.mark.parametrize("kind", FORMATS)
def test_a_full_disk_is_told(kind):
    rows = [row("x" * 1000, comment_id=n) for n in range(100)]
    with pytest.raises(OutputFileError, match="No space left"):
        write_export(rows, Path("/dev/full"), format=kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_goes_into_a_pipe(kind):
    reading, writing = os.pipe()
    received = io.BytesIO()

    def read():
        with os.fdopen(reading, "rb") as pipe:
            received.write(pipe.read())

    reader = threading.Thread(target=read)
    reader.start()
    with os.fdopen(writing, "wb") as pipe:
        assert write_export([row()], pipe, format=kind) == 1
    reader.join()
    if kind == "parquet":
        assert pq.read_table(io.BytesIO(received.getvalue())).num_rows == 1
    else:
        assert b"hello" in received.getvalue()


def test_a_stream_stays_open():
    stream = io.BytesIO()
    for kind in FORMATS:
        write_export([row()], stream, format=kind)
    assert not stream.closed


def test_a_reader_that_has_gone_is_no_error_of_the_export():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as pipe, pytest.raises(BrokenPipeError):
        write_export([row()], pipe, format="jsonl")


def test_parquet_does_not_go_to_a_terminal():
    master, terminal = os.openpty()
    try:
        with (
            os.fdopen(terminal, "wb", buffering=0) as stream,
            pytest.raises(OutputFileError, match="no text for a terminal"),
        ):
            write_export([row()], stream, format="parquet")
    finally:
        os.close(master)


# rejects


def test_rejects_are_made_with_the_first_bad_row(tmp_path):
    path = tmp_path / "bad.jsonl"
    with RejectsWriter(path):
        pass
    with RejectsWriter(path) as rejects:
        assert not path.exists()
        rejects.write(BadRow(3, "the row is no JSON", "안녕"))
        assert (
            path.read_text(encoding="utf-8") == '{"line": 3, "reason": "the row is no JSON", "raw": "안녕"}\n'
        )


def test_rejects_of_a_second_run_are_added(tmp_path):
    path = tmp_path / "bad.jsonl"
    for line in (1, 2):
        with RejectsWriter(path) as rejects:
            rejects.write(BadRow(line, "why", {"text": "x", "date": WHEN}))
            rejects.write(BadRow(line * 10, "why", b"x"))
    found = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [entry["line"] for entry in found] == [1, 10, 2, 20]
    assert found[0]["raw"] == {"text": "x", "date": "2026-11-23 10:00:00+00:00"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary() | any_text)
def test_a_rejected_row_is_kept_to_the_byte(tmp_path, raw):
    path = tmp_path / "bad.jsonl"
    path.unlink(missing_ok=True)
    with RejectsWriter(path) as rejects:
        rejects.write(BadRow(1, "why", raw))
    (line,) = path.read_text(encoding="utf-8").splitlines()
    found = json.loads(line)["raw"]
    assert found == raw if isinstance(raw, str) else found.encode("utf-8", "surrogateescape") == raw


@pytest.mark.parametrize("path", ["/dev/full", "/nowhere/bad.jsonl"])
def test_rejects_that_cannot_be_written_are_told(path):
    with RejectsWriter(Path(path)) as rejects, pytest.raises(OutputFileError, match="can't be written to"):
        rejects.write(BadRow(1, "why", "x"))
