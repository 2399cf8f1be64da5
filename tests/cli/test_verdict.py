"""`moderation verdict`, as an admin runs it."""

import csv
import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from moderation.desk import Desk
from moderation.domain import Action, VerdictKind
from moderation.store import Store
from tests.store.samples import comment, decision, new_row, save


@pytest.fixture
def store(run):
    """Three comments that wait, of two sites, in the folder where the command runs."""
    with Store.open("sqlite:///moderation.db") as opened:
        rows = [comment("c-1"), comment("c-2"), comment("c-1", site="blog")]
        save(opened, *(new_row(item, decision(Action.HOLD)) for item in rows))
        yield opened


def verdicts(store, number):
    return [(verdict.kind, verdict.by) for verdict in Desk(store).history(number).verdicts]


def test_a_comment_is_approved_or_rejected(run, store):
    assert run("verdict", "c-2", "reject", "--by", "ann", "--reason", "insult", "--note", "rude").code == 0
    (verdict,) = Desk(store).history(2).verdicts
    assert (verdict.kind, verdict.by, verdict.reason, verdict.note) == (
        VerdictKind.REJECT,
        "ann",
        "insult",
        "rude",
    )
    result = run("verdict", "2", "approve", "--by", "bob")
    assert result.out == "comment 2: approve by bob\n"
    assert Desk(store).queue_counts().pending == 2


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("c-2",), ("c-2", "ban"), ("c-9", "approve"), ("c-1", "approve"), ("--import", "missing.csv"),
        ("c-2", "approve", "--import", "missing.csv"),
    ],
)  # fmt: skip
def test_a_mistake_ends_in_one_message(run, store, arguments):
    result = run("verdict", *arguments)
    assert result.code == 2
    assert result.err
    assert "Traceback" not in result.err


ROWS = [
    {"comment_id": "", "external_id": "c-1", "site": "blog", "verdict": "approve", "by": "ann", "at": "2026-11-20T10:00:00Z"},
    {"comment_id": "2", "external_id": "", "site": "", "verdict": "Reject", "by": "", "at": ""},
]  # fmt: skip


def write(path, rows):
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_file_of_verdicts_is_imported_once(run, store, tmp_path, kind):
    path = tmp_path / f"verdicts.{kind}"
    write(path, ROWS)
    assert run("verdict", "--import", path, "--by", "eve").out == "2 verdicts imported, 0 known already\n"
    assert run("verdict", "--import", path, "--by", "eve").out == "0 verdicts imported, 2 known already\n"
    assert verdicts(store, 3) == [(VerdictKind.APPROVE, "ann")]
    assert verdicts(store, 2) == [(VerdictKind.REJECT, "eve")]
    assert Desk(store).history(3).verdicts[0].created_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert Desk(store).queue_counts().pending == 1


BAD = {
    "no_comment": {"verdict": "approve"},
    "unknown": {"external_id": "c-99", "verdict": "approve"},
    "no_number": {"comment_id": "c-2", "verdict": "approve"},
    "two_sites": {"external_id": "c-1", "verdict": "approve"},
    "no_verdict": {"external_id": "c-2", "verdict": "maybe"},
    "no_time": {"external_id": "c-2", "verdict": "approve", "at": "yesterday"},
    "no_object": ["c-2"],
}


@pytest.mark.parametrize("name", BAD)
def test_a_row_that_cannot_be_used_costs_only_itself(run, store, tmp_path, name):
    path = tmp_path / "verdicts.jsonl"
    write(path, [BAD[name], {"external_id": "c-2", "verdict": "approve", "by": "ann"}])
    result = run("verdict", "--import", path)
    assert result.code == 1
    assert "1 verdict imported" in result.out
    assert result.err.startswith("verdicts.jsonl:1: ")
    assert verdicts(store, 2) == [(VerdictKind.APPROVE, "ann")]
