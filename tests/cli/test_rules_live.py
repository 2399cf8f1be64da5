"""`moderation rules apply, log, show, revert, release`, and whose rules `check` and `submit` go by."""

import json

import pytest

from moderation.store import Store
from tests.rollout.sites import LINKS, live, rules, rules_text

TESTED = (
    "{name: no-links, when: {links: '> 0'}, action: reject, examples: {match: ['https://a.com'], "
    "no_match: [MATCH]}}"
)


@pytest.fixture
def file(run, tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(rules_text())
    return path


def log(run):
    return json.loads(run("rules", "log", "--json").out)


def test_apply_shows_what_changes_and_makes_it_live(run, file):
    assert run("rules", "apply", "--yes").code == 0
    file.write_text(rules_text(LINKS))
    result = run("rules", "apply", "rules.yaml", "--yes", "--by", "ann", "--message", "no more spam")
    assert result.code == 0
    assert "+ no-links" in result.out
    assert f"rules revert {rules().hash[:12]}" in result.out
    latest, first = log(run)
    assert (latest["ruleset"], latest["live"], latest["by"]) == (rules(LINKS).hash, True, "ann")
    assert (latest["message"], latest["rules"]["added"], first["live"]) == (
        "no more spam",
        ["no-links"],
        False,
    )
    shown = run("rules", "log").out
    assert "no more spam" in shown
    assert "live" in shown


def test_apply_shows_which_stored_comments_would_flip(run, file, tmp_path):
    (tmp_path / "c.jsonl").write_text(
        '{"id": "1", "text": "See https://a.com now"}\n{"id": "2", "text": "Well."}\n'
    )
    assert run("submit", "c.jsonl").code == 0
    file.write_text(rules_text(LINKS))
    result = run("rules", "apply", "--dry-run")
    assert result.code == 0
    assert "of the last 2 stored comments, 1 flip (50.0%)" in result.out
    assert "approve → reject" in result.out
    assert log(run) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param("version: 1\nlenght: {}\n", "did you mean `length`?", id="a-mistake"),
        pytest.param(
            rules_text(TESTED.replace("MATCH", "'https://b.com'")), "correct what failed", id="a-failed-test"
        ),
    ],
)
def test_apply_refuses_what_is_not_right(run, file, written, said):
    run("db", "upgrade")
    file.write_text(written)
    result = run("rules", "apply", "--yes")
    assert result.code == 1
    assert said in result.out
    assert log(run) == []


def test_apply_tries_the_sites_cases(run, file, tmp_path):
    (tmp_path / "cases.yaml").write_text("cases:\n- {comment: Well said., action: reject}\n")
    assert run("rules", "apply", "--yes").code in {1, 2}
    assert log(run) == []


def test_apply_asks_and_without_anybody_to_ask_does_nothing(run, file):
    result = run("rules", "apply")
    assert (result.code, log(run)) == (2, [])
    assert "--yes" in result.err


def test_apply_of_what_is_live_changes_nothing(run, file):
    run("rules", "apply", "--yes")
    assert "is live already" in run("rules", "apply", "--yes").out
    assert len(log(run)) == 1


def test_apply_needs_a_file(run, tmp_path):
    assert run("rules", "apply", "absent.yaml", "--yes").code == 2


def test_show_prints_a_ruleset_as_it_was_written(run, file, tmp_path):
    (tmp_path / "w.txt").write_text("gnome\n")
    rule = "{name: gnomes, when: {words: w}, action: hold}"
    file.write_text(rules_text(rule, word_lists="{w: w.txt}"))
    run("rules", "apply", "--yes")
    found = log(run)[0]["ruleset"]
    assert run("rules", "show", found[:8]).out == file.read_text()
    assert "--- w.txt\ngnome" in run("rules", "show", found[:8], "--files").out
    document = json.loads(run("rules", "show", found[:8], "--json").out)
    assert (document["hash"], document["files"]) == (found, {"w.txt": "gnome\n"})
    assert run("rules", "show", "ffff").code == 2


def test_revert_goes_back(run, file):
    run("rules", "apply", "--yes")
    file.write_text(rules_text(LINKS))
    run("rules", "apply", "--yes")
    result = run("rules", "revert", rules().hash[:12], "--message", "oops")
    assert result.code == 0
    assert "- no-links" in result.out
    assert [entry["kind"] for entry in log(run)] == ["revert", "apply", "apply"]
    assert "is live already" in run("rules", "revert", rules().hash[:12]).out


def test_check_and_submit_go_by_what_is_live(run, file, tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/moderation.db") as store:
        live(rules(LINKS), store)
    text = "See https://a.com"
    assert json.loads(run("check", "--json", text).out)["action"] == "reject"
    assert json.loads(run("check", "--json", text, "--rules", "rules.yaml").out)["action"] == "approve"
    (tmp_path / "c.jsonl").write_text(json.dumps({"id": "1", "text": text}) + "\n")
    assert json.loads(run("submit", "c.jsonl", "--json").out)["by_action"] == {"reject": 1}


def test_check_makes_no_database_and_does_without_one_that_is_broken(run, file, tmp_path):
    assert run("check", "Well said.").code == 0
    assert not (tmp_path / "moderation.db").exists()
    (tmp_path / "moderation.db").write_bytes(b"no database at all, but long enough to be read as one" * 9)
    result = run("check", "Well said.")
    assert result.code == 0
    assert "the file decides" in result.err
    assert run("check", "Well said.", "--database", "sqlite:///moderation.db").code == 2


def test_the_brake_is_shown_and_released(run, file, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    with Store.open(f"sqlite:///{tmp_path}/moderation.db") as store:
        live(rules(), store)
        live(rules(LINKS), store)
    rows = [{"id": str(n), "text": f"See https://a.com/{n}"} for n in range(30)]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert json.loads(run("submit", "c.jsonl", "--json").out)["by_action"] == {"reject": 20, "hold": 10}
    shown = run("show", "29").out
    assert "under the brake" in shown
    assert "moderation rules release no-links" in shown
    assert "rejected 21 of 21 comments" in " ".join(run("rules", "log").out.split())
    assert run("rules", "release", "no-links", "--by", "ann").code == 0
    assert run("rules", "release", "no-links").code == 1
    assert run("rules", "release", "no-lynx").code == 2
    assert log(run)[0] | {"at": ""} == {
        "at": "",
        "kind": "released",
        "rule": "no-links",
        "hits": None,
        "of": None,
        "by": "ann",
    }


def test_a_shadow_hit_is_shown_apart(run, file, tmp_path):
    file.write_text(rules_text(LINKS.replace("action", "status: shadow, action")))
    (tmp_path / "c.jsonl").write_text('{"id": "1", "text": "See https://a.com now"}\n')
    found = json.loads(run("submit", "c.jsonl", "--json").out)
    assert (found["by_rule"], found["by_shadow_rule"]) == ({}, {"no-links": 1})
    assert "In the shadow" in run("show", "1").out
    (row,) = [json.loads(line) for line in run("export").out.splitlines()]
    assert (row["rules"], row["shadow_rules"]) == ([], ["no-links"])
