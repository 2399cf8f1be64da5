"""The command line as a user runs it: arguments in; exit code, standard output and error out."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from moderation.store import Store, summary

KIND = "Thank you for this careful article about the city council."
INSULT = "You are an idiot"
BROKEN_RULES = "version: 1\nlenght: {max: 3}\n"


@pytest.fixture
def comments(tmp_path):
    path = tmp_path / "comments.jsonl"
    rows = [{"id": f"c-{n}", "text": text} for n, text in enumerate([KIND, INSULT, "기사 잘 읽었습니다."])]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def submitted(run, comments):
    assert run("submit", comments).code == 0


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        pytest.param([KIND], 0, id="published"),
        pytest.param([INSULT], 1, id="not-published"),
        pytest.param([KIND, INSULT], 1, id="one-of-two"),
    ],
)
def test_check_exits_with_whether_all_would_be_published(run, texts, code):
    assert run("check", *texts).code == code


def test_check_shows_action_sentence_and_scores(run):
    result = run("check", INSULT)
    assert "toxicity" in result.out
    assert INSULT in result.out


def test_check_json_is_the_documented_document_and_nothing_else(run):
    result = run("check", "--json", "see https://a.com https://b.com https://c.com idiot")
    document = json.loads(result.out)
    keys = ["action", "published", "reasons", "shadow", "language", "scores", "checks", "provenance"]
    assert list(document) == keys
    assert set(document["language"]) == {"code", "confidence"}
    assert set(document["provenance"]) == {
        "ruleset",
        "model",
        "engine",
        "normaliser",
        "detector",
        "version",
        "model_files",
        "runtime",
    }
    for reason in document["reasons"]:
        assert set(reason) == {"rule", "action", "message", "spans", "evidence"}
    assert document["checks"]["toxicity"].pop("language") == "doubtful"
    for check in document["checks"].values():
        assert set(check) == {"outcome", "ms"}


def test_check_reads_lines_and_answers_with_a_list(run):
    result = run("check", "--json", "-", stdin=f"{KIND}\r\n{INSULT}\n\xff\n".encode("latin-1"))
    assert [item["published"] for item in json.loads(result.out)] == [True, False, True]


def test_check_tells_newcomers_from_others(run, tmp_path):
    (tmp_path / "rules.yaml").write_text(
        "version: 1\nrules: [{name: newcomers, when: {author: {account_age: '< 3 days'}}, action: hold}]\n"
    )
    assert run("check", KIND, "--author-age", "2 hours").code == 1
    assert run("check", KIND, "--author-age", "30 days").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["check", "x", "--author-age", "soon"], "3 days", id="age"),
        pytest.param(["check", "x", "--rules", "absent.yaml"], "absent.yaml", id="rules-missing"),
        pytest.param(["submit", "absent.csv"], "absent.csv", id="file-missing"),
        pytest.param(["submit", "."], "folder", id="file-is-a-folder"),
        pytest.param(["show", "7"], "7", id="no-such-comment"),
        pytest.param(["replay", "nothing"], "nothing", id="nothing-to-replay"),
        pytest.param(["show", "1", "--database", "mysql://h/x"], "sqlite:///", id="other-database"),
        pytest.param(["show", "1", "--database", "sqlite:////nowhere/x.db"], "folder", id="no-such-folder"),
        pytest.param(["models", "pull", "orginal"], "original", id="model-misspelt"),
        pytest.param(["check"], "TEXT", id="argument-missing"),
        pytest.param(["chekc", "x"], "chekc", id="no-such-command"),
    ],
)
def test_a_users_mistake_ends_in_one_message_and_exit_code_2(run, arguments, said):
    run("db", "upgrade")
    result = run(*arguments)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert result.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "x"],
        ["db", "status"],
        ["evaluate", "--labels"],
        ["export"],
        ["keys", "list"],
        ["keys", "log"],
        ["keys", "revoke", "news"],
        ["keys", "rotate", "news"],
        ["replay", "all"],
        ["rules", "diff", "live", "rules.yaml"],
        ["rules", "log"],
        ["rules", "release", "many-links"],
        ["rules", "report"],
        ["rules", "revert", "1a2b"],
        ["rules", "show", "live"],
        ["rules", "suggest", "--precision", "0.9"],
        ["rules", "undo", "many-links", "--from", "1d ago"],
        ["show", "1"],
        ["users", "disable", "ann"],
        ["users", "list"],
        ["users", "log"],
        ["verdict", "1", "approve"],
    ],
    ids=" ".join,
)
def test_a_database_that_is_not_there_is_no_empty_one(run, tmp_path, arguments):
    result = run(*arguments, "--database", f"sqlite:///{tmp_path}/typo.db")
    assert (result.code, result.out) == (2, "")
    assert "store_unreachable" in result.err
    assert "typo.db does not exist" in result.err
    assert not (tmp_path / "typo.db").exists()


@pytest.mark.parametrize(
    "arguments",
    [["keys", "add", "news", "--scope", "admin"], ["users", "add", "ann"], ["rules", "apply", "--yes"]],
    ids=" ".join,
)
def test_what_may_come_before_the_first_comment_makes_a_database_and_says_so(run, tmp_path, arguments):
    (tmp_path / "rules.yaml").write_text("version: 1\ntoxicity: false\n")
    result = run(*arguments, "--database", f"sqlite:///{tmp_path}/new.db")
    assert result.code == 0
    assert "new.db is new" in result.err
    assert "is new" not in run(*arguments, "--database", f"sqlite:///{tmp_path}/new.db").err


def test_submit_stores_each_comment_and_sums_up(run, comments, tmp_path):
    result = run("submit", comments, "--json")
    document = json.loads(result.out)
    assert document["comments"] == 3
    assert document["by_language"]["ko"] == 1
    with Store.open(f"sqlite:///{tmp_path}/moderation.db") as store, store.reading() as session:
        assert summary(session=session).comments == 3


def test_submit_again_stores_nothing_twice(run, submitted, comments):
    again = json.loads(run("submit", comments, "--json").out)
    assert (again["comments"], again["already_stored"]) == (3, 3)
    assert json.loads(run("db", "status", "--json").out)["comments"] == 3


def test_submit_skips_bad_rows_into_rejects_and_goes_on(run, tmp_path):
    (tmp_path / "mixed.jsonl").write_bytes(
        b'{"id": "1", "text": "fine"}\n{broken\n\xff\xfe\n{"id": "4", "text": "fine too"}\n'
    )
    result = run("submit", "mixed.jsonl", "--rejects", "bad.jsonl", "--json")
    assert result.code == 1
    assert "line 2" in result.err
    assert [json.loads(line)["line"] for line in (tmp_path / "bad.jsonl").read_text().splitlines()] == [2, 3]
    assert json.loads(result.out)["comments"] == 2


def test_submit_reports_rows_whose_site_no_database_takes_and_stores_the_others(run, tmp_path):
    rows = [{"id": 1, "text": "no site"}, {"id": 2, "text": "its own site", "site": "news"}]
    (tmp_path / "sites.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = run("submit", "sites.jsonl", "--site", "s" * 1001, "--json")
    assert result.code == 1
    assert "line 1: a comment's site is longer than 1,000 bytes" in result.err
    assert json.loads(result.out)["comments"] == 1


def test_submit_reports_a_comment_that_changed_without_a_new_revision(run, submitted, tmp_path):
    (tmp_path / "later.jsonl").write_text(
        '{"id": "c-0", "text": "changed"}\n{"id": "c-9", "text": "new here"}\n'
    )
    result = run("submit", "later.jsonl")
    assert result.code == 1
    assert "revision" in result.err
    assert "changed" not in result.err


def test_submit_reads_csv_with_mapped_columns_from_standard_input(run):
    result = run(
        "submit", "-", "--format", "csv", "--map", "text=what", "--json", stdin=b"nr,what\n1,hello there\n"
    )
    assert json.loads(result.out)["comments"] == 1


def test_show_and_replay_find_a_comment_by_number_and_by_id(run, submitted):
    assert INSULT in run("show", "c-1").out
    assert json.loads(run("show", "2", "--json").out)["text"] == INSULT
    assert run("replay", "c-1").code == 0
    assert json.loads(run("replay", "2", "--json").out)["same"] is True


def test_replay_tells_what_differs(run, submitted, tmp_path):
    with closing(sqlite3.connect(tmp_path / "moderation.db")) as connection, connection:
        connection.execute("UPDATE decision SET action = 'approve' WHERE comment_id = 2")
    result = run("replay", "c-1")
    assert result.code == 1
    assert "action was approve" in result.out


@pytest.mark.parametrize("file_format", ["jsonl", "csv", "parquet"])
def test_export_can_be_submitted_again(run, submitted, file_format, tmp_path):
    assert run("export", "--format", file_format, "--output", f"out.{file_format}").code == 0
    result = run("submit", f"out.{file_format}", "--database", "sqlite:///other.db", "--json")
    assert json.loads(result.out)["comments"] == 3


def test_export_to_standard_output_prints_nothing_else_there(run, submitted):
    result = run("export", "--format", "jsonl")
    assert [json.loads(line)["text"] for line in result.out.splitlines()][1] == INSULT


def test_rules_check_shows_all_problems_at_their_place(run, tmp_path):
    (tmp_path / "rules.yaml").write_text(BROKEN_RULES)
    result = run("rules", "check")
    assert result.code == 1
    assert "rules.yaml:2:1" in result.out + result.err
    assert "length" in result.out + result.err


def test_rules_check_as_json_locates_each_problem(run, tmp_path):
    (tmp_path / "rules.yaml").write_text(BROKEN_RULES)
    result = run("rules", "check", "--json")
    (problem,) = json.loads(result.out)
    assert (problem["line"], problem["column"], problem["severity"]) == (2, 1, "error")
    assert run("rules", "check", "--format", "json").out == result.out


def test_rules_check_marks_lines_on_github(run, tmp_path):
    (tmp_path / "rules.yaml").write_text(BROKEN_RULES)
    result = run("rules", "check", "--format", "github")
    assert result.code == 1
    assert result.out.splitlines() == [
        "::error file=rules.yaml,line=2,col=1,endColumn=7::unknown key `lenght`%0Ahint: did you mean `length`?"
    ]
    (tmp_path / "rules.yaml").write_text("version: 1\n")
    assert (
        run("rules", "check", "--format", "github").out,
        run("rules", "check", "--format", "xml").code,
    ) == ("", 2)


def test_init_makes_files_that_work_and_overwrites_nothing(run, tmp_path):
    assert run("init", "site").code == 0
    assert run("rules", "check", "site/rules.yaml").code == 0
    before = (tmp_path / "site/rules.yaml").read_text()
    assert run("init", "site").code == 2
    assert (tmp_path / "site/rules.yaml").read_text() == before


@pytest.mark.slow
def test_the_example_that_init_makes_runs(run, tmp_path):
    run("init", "site")
    done = subprocess.run(
        [sys.executable, "example.py"], cwd=tmp_path / "site", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "toxicity" in done.stdout


def test_models_lists_and_verifies_the_embedded_one(run):
    listed = {model["name"]: model for model in json.loads(run("models", "list", "--json").out)}
    assert listed["compact"]["installed"] is True
    assert {"original", "unbiased", "multilingual"} <= set(listed)
    assert run("models", "verify", "compact").code == 0


def test_db_upgrade_says_what_it_did(run):
    assert "upgraded" in run("db", "upgrade").out
    assert "up to date" in run("db", "upgrade").out


@pytest.mark.parametrize(
    "command",
    [
        "",
        "check",
        "submit",
        "show",
        "replay",
        "export",
        "init",
        "rules",
        "rules check",
        "rules test",
        "rules schema",
        "rules import",
        "rules import automoderator",
        "rules import coral",
        "models",
        "models list",
        "models pull",
        "models verify",
        "db",
        "db upgrade",
        "db status",
    ],
)
def test_every_command_has_help_that_teaches(run, command):
    result = run(*command.split(), "--help")
    assert result.code == 0
    assert len(result.out.splitlines()) > 5


def test_db_status_counts_for_people_and_for_programs(run, submitted):
    assert run("db", "status").out.startswith("3 comments, ")
    assert json.loads(run("db", "status", "--json").out)["by_language"]["ko"] == 1


def test_models_are_listed_for_people(run):
    assert "compact" in run("models", "list").out


def test_version(run):
    assert run("--version").out.startswith("moderation 0.")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to send")
def test_an_interrupted_submit_goes_on_where_it_was(tmp_path):
    rows = [{"id": str(n), "text": f"Number {n}."} for n in range(700)]
    (tmp_path / "many.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-m", "moderation", "submit", "many.jsonl", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first:
        while stored(tmp_path) == 0:
            assert first.poll() is None
            time.sleep(0.05)
        first.send_signal(signal.SIGINT)
        _, err = first.communicate(timeout=60)
    assert first.returncode == 130
    assert b"run it again" in err
    before = stored(tmp_path)
    assert 0 < before < 700
    second = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(second.stdout)["already_stored"] == before
    assert stored(tmp_path) == 700


def stored(folder):
    if not (folder / "moderation.db").exists():
        return 0
    with Store.open(f"sqlite:///{folder}/moderation.db") as store, store.reading() as session:
        return summary(session=session).comments
