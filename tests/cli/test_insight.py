"""`moderation rules diff`, `report`, `undo` and `suggest`, as typed."""

import json
from datetime import UTC, datetime

import pytest

from moderation.store import Store
from moderation.store.labels import NewLabel, add_labels
from tests.backtest.support import BASE, LINKS, decided, judge, ruleset, save

HOSTILE = "An \x1b[31mordinary\x1b[0m [bold]comment[/bold] about \u202eit."


@pytest.fixture
def database(empty_sqlite_url, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    rules = ruleset(LINKS)
    with Store.open(empty_sqlite_url) as store:
        rows = [decided(rules, n, HOSTILE, links=2 * (n % 2), toxicity=n / 120) for n in range(120)]
        numbers = save(store, rules, rows)
        for n, number in enumerate(numbers):
            judge(store, number, "reject" if n > 80 else "approve")
    return empty_sqlite_url


@pytest.fixture
def unjudged(empty_sqlite_url):
    rules = ruleset(LINKS)
    with Store.open(empty_sqlite_url) as store:
        save(store, rules, [decided(rules, n, HOSTILE, links=2) for n in range(3)])
    return empty_sqlite_url


@pytest.fixture
def files(tmp_path):
    (tmp_path / "old.yaml").write_text(BASE + LINKS)
    (tmp_path / "new.yaml").write_text(BASE.replace("hold: 0.8", "hold: 0.7"))


def test_diff_shows_flips_and_ends_with_1(run, database, files):
    done = run("rules", "diff", "old.yaml", "new.yaml", "-d", database, "--show", 2)
    assert done.code == 1
    assert "flag → hold" in done.out
    assert "hold → approve" in done.out
    assert "many-links" in done.out
    assert "against the 120 comments with a verdict" in done.out
    assert "(2 of" in done.out
    assert "a moderator said" in done.out
    assert "[bold]comment[/bold]" in done.out
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_diff_of_the_same_ruleset_ends_with_0(run, database, files):
    hash_ = ruleset(LINKS).hash
    done = run("rules", "diff", "old.yaml", hash_[:8], "-d", database, "--json")
    assert done.code == 0
    assert json.loads(done.out)["flips"] == 0


def test_diff_with_what_is_live(run, database, files, tmp_path):
    (tmp_path / "strict.yaml").write_text(BASE.replace("hold: 0.8", "hold: 0.51"))
    # the shipped: nothing is live
    done = run("rules", "diff", "live", "strict.yaml", "-d", database, "--last", 60)
    assert done.code == 1
    assert "of 60 comments" in done.out


def test_diff_of_a_file_decides_it(run, files, tmp_path):
    lines = ["See https://a.example and https://b.example", "What a lovely day it is today"]
    rows = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(lines)]
    (tmp_path / "comments.jsonl").write_text("\n".join([*rows, "nonsense"]))
    done = run(
        "rules", "diff", "old.yaml", "new.yaml", "--file", "comments.jsonl", "-d", "sqlite://", "--json"
    )
    assert done.code == 1
    found = json.loads(done.out)
    assert found["by_action"] == [{"before": "hold", "after": "approve", "comments": 1}]
    assert "1 row could not be read" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("old.yaml", "nowhere.yaml"),
        ("old.yaml", "00000000"),
        ("old.yaml", "xyz"),
        ("old.yaml", "new.yaml", "--since", "a while"),
        ("old.yaml", "new.yaml", "--file", "x.csv", "--last", "3"),
    ],
)
def test_diff_refuses_what_makes_no_sense(run, database, files, arguments):
    done = run("rules", "diff", *arguments, "-d", database)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err


def test_what_can_not_be_replayed_is_said(run, database, files, tmp_path):
    (tmp_path / "other.yaml").write_text(BASE.replace("toxicity: {thr", "toxicity: {model: original, thr"))
    done = run("rules", "diff", "old.yaml", "other.yaml", "-d", database, "--record-only", "--since", "99w")
    assert done.code == 0
    assert "120 could not be replayed fairly: the ruleset names another model" in done.out


def test_report_lists_every_rule(run, database):
    done = run("rules", "report", "-d", database)
    assert done.code == 0
    assert "many-links" in done.out
    assert "toxicity.toxicity" in done.out


def test_report_of_one_rule_shows_comments(run, database):
    done = run("rules", "report", "many-links", "-d", database)
    assert "decided alone" in done.out
    assert "[bold]comment[/bold]" in done.out
    assert "\x1b" not in done.out
    assert "did not fire" in run("rules", "report", "nobody", "-d", database).out


def test_report_as_json_and_as_a_page(run, database, tmp_path):
    done = run("rules", "report", "--json", "--html", "rules.html", "-d", database)
    assert {rule["rule"] for rule in json.loads(done.out)["rules"]} >= {"many-links", "toxicity.toxicity"}
    assert "<svg" in (tmp_path / "rules.html").read_text(encoding="utf-8")
    assert run("rules", "report", "--html", "no/such/rules.html", "-d", database).code == 2


def test_undo_shows_first_and_then_does(run, unjudged):
    window = ("rules", "undo", "many-links", "--from", "1h ago", "-d", unjudged)
    dry = run(*window, "--dry-run")
    assert (dry.code, "would be reversed" in dry.out) == (0, True)
    assert "\x1b" not in dry.out
    assert run(*window).code == 2  # there is nobody to ask
    done = run(*window, "--by", "kim", "--yes", "--json")
    found = json.loads(done.out)
    assert found["reversed"] == [{"before": "hold", "after": "approve", "comments": 3}]
    again = run(*window, "--yes")
    assert (again.code, "nothing to reverse" in again.out) == (0, True)
    assert "3 comments: decided anew since" in again.out
    assert "decided again by kim, without many-links" in run("show", "1", "-d", unjudged).out


def test_undo_asks(run, unjudged, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "moderation.cli.rules.undo.confirm", lambda question, *, yes: asked.append((question, yes))
    )
    done = run("rules", "undo", "many-links", "--from", "1h ago", "-d", unjudged)
    assert "would be reversed" in done.out
    assert "\nreversed" in done.out
    assert asked == [("Reverse 3 decisions?", False)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "whenever"),
        ("--from", "1h ago", "--to", "2h ago"),
        ("--from", "1h ago", "--json"),
        (),
    ],
)
def test_undo_refuses_what_makes_no_sense(run, unjudged, arguments):
    assert run("rules", "undo", "many-links", *arguments, "-d", unjudged).code == 2


def test_suggest_prints_lines_to_paste(run, database):
    done = run("rules", "suggest", "--precision", "0.9", "-d", database)
    assert done.code == 0
    assert "reject from toxicity 0.6" in done.out
    assert "rests on   120 verdicts" in done.out
    assert "nothing is known" in done.out
    assert "\ntoxicity:\n  thresholds:\n    toxicity: {" in done.out
    found = json.loads(run("rules", "suggest", "--precision", "0.9", "--json", "-d", database).out)
    assert found["threshold"]["precision"]["share"] >= 0.9
    assert found["yaml"].startswith("toxicity:\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--language", "ko"), "too few verdicts: 0 verdicts"),
        (("--attribute", "insult"), "too few verdicts"),
    ],
)
def test_suggest_says_what_it_can_not(run, database, arguments, said):
    done = run("rules", "suggest", "--precision", "0.9", *arguments, "-d", database)
    assert (done.code, said in done.out) == (1, True)


def test_suggest_says_what_would_never_act(run, database, tmp_path):
    (tmp_path / "rules.yaml").write_text("version: 1\ntoxicity: {thresholds: {toxicity: {reject: 0.6}}}\n")
    done = run("rules", "suggest", "--precision", "1.0", "--action", "hold", "-d", database)
    assert "it would never act: `reject` begins there or below already" in done.out


@pytest.mark.parametrize("arguments", [("--attribute", "niceness"), ("--action", "approve")])
def test_suggest_refuses_what_it_does_not_know(run, database, arguments):
    assert run("rules", "suggest", "--precision", "0.9", *arguments, "-d", database).code == 2


def test_suggest_tells_the_nearest_where_none_reaches(run, database):
    with Store.open(database) as store:
        rules = ruleset()
        (number,) = save(store, rules, [decided(rules, 500, toxicity=1.0)])
        judge(store, number, "approve")
    done = run("rules", "suggest", "--precision", "1.0", "-d", database)
    assert done.code == 1
    assert "no threshold of toxicity reaches a precision of 100.0%" in done.out


@pytest.fixture
def labelled(database):
    """The database of verdicts, with labels: a few said by Perspective's clients."""
    texts = ["You are an idiot and a liar", "The council meets again on Monday", "Shut up, idiot"]
    new = [
        NewLabel(site="news", text=text, scores={"toxicity": score}, source="perspective", by="coral")
        for text, score in zip(texts, (0.9, 0.0, 1.0), strict=True)
    ]
    with Store.open(database) as store, store.transaction() as session:
        add_labels(new, datetime.now(UTC), session=session)
    return database


def test_suggest_rests_on_labels_too_unless_told_not_to(run, labelled):
    found = json.loads(run("rules", "suggest", "--precision", "0.5", "--json", "-d", labelled).out)
    # the fixture's verdicts are on scores of a model that isn't there
    assert (found["labels"], found["labels_with_attribute"], found["other_model"]) == (3, 2, 120)
    without = run("rules", "suggest", "--precision", "0.5", "--no-labels", "-d", labelled)
    assert (without.code, "rests on   120 verdicts" in without.out) == (0, True)
    few = run("rules", "suggest", "--precision", "0.5", "-d", labelled)
    assert few.code == 1
    assert "0 verdicts on comments with a score for toxicity" in few.out
    assert "and 3 labels, 2 of them saying that the text has it" in few.out


def test_suggest_does_without_labels_where_nothing_is_scored(run, labelled, tmp_path):
    (tmp_path / "rules.yaml").write_text("version: 1\ntoxicity: false\n")
    assert "rests on   120 verdicts" in run("rules", "suggest", "--precision", "0.5", "-d", labelled).out


def test_suggest_needs_a_precision(run):
    done = run("rules", "suggest")
    assert done.code == 2
    assert "precision" in done.err


@pytest.fixture
def scores(tmp_path):
    """What a site stored of Perspective, with comments that act in a terminal."""
    abuse = ["You are an idiot and a liar", "What a stupid pathetic moron", "Shut up, idiot", HOSTILE]
    calm = [
        "Thank you for this article",
        "The council meets again",
        "I agree with the second part",
        "Well said",
    ]
    path = tmp_path / "scores.jsonl"
    with path.open("w") as file:
        for n in range(120):
            theirs = {"TOXICITY": 0.81 + n % 10 / 100 if n < 40 else n % 10 / 100, "SPAM": 0.1}
            answer = {name: {"summaryScore": {"value": value}} for name, value in theirs.items()}
            text = f"{(abuse if n < 40 else calm)[n % 4]}, no. {n}"
            row = {"id": f"c-{n}\x1b[31m", "text": text, "lang": "en", "rejected": n < 40}
            file.write(json.dumps(row | {"attributeScores": answer}) + "\n")
    return path


def test_thresholds_move_from_perspective_without_a_database(run, scores, tmp_path):
    done = run("rules", "suggest", "--from-perspective", scores, "--show", 100)
    assert done.code == 0, done.err
    assert "120 comments with scores of Perspective (toxicity from attributeScores.TOXICITY)" in done.out
    assert "their thresholds: 0.8 where --threshold says nothing else" in done.out
    assert "not used: columns attributeScores.SPAM" in done.out
    assert "theirs 33.3% (25.5–42.2) of 120" in done.out
    assert "row 4 (c-3␛[31m): no longer flagged" in done.out
    assert "[bold]comment[/bold]" in done.out
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert not (tmp_path / "moderation.db").exists()
    pasted = done.out.partition("rules test`:\n\n")[2]
    (tmp_path / "pasted.yaml").write_text(f"version: 1\n{pasted}")
    checked = run("rules", "check", "pasted.yaml")
    assert checked.code == 0, checked.out


def test_moved_thresholds_as_json_name_rows_and_hold_no_text(run, scores, database):
    asked = ("rules", "suggest", "--from-perspective", scores, "--same", "precision", "--action", "reject")
    done = run(*asked, "--threshold", "toxicity=0.85", "--language", "en", "--json", "-d", database)
    found = json.loads(done.out)
    (move,) = found["moves"]
    assert (done.code, found["action"], found["same"], move["their_threshold"]) == (
        0,
        "reject",
        "precision",
        0.85,
    )
    assert move["their_precision"]["share"] == 1.0
    assert move["changes"][0]["id"].startswith("c-")
    assert "idiot" not in done.out
    assert found["yaml"].startswith("toxicity:\n  by_language:\n    en:\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--threshold", "NICENESS=0.5"), "is no threshold", id="unknown-attribute"),
        pytest.param(("--threshold", "TOXICITY=80"), "is no threshold", id="percent"),
        pytest.param(("--threshold", "TOXICITY=high"), "is no threshold", id="word"),
        pytest.param(("--precision", "0.9"), "--precision is for verdicts", id="precision"),
        pytest.param(("--attribute", "INSULT"), "holds no scores of Perspective for insult", id="not-there"),
        pytest.param(("--text", "body"), "holds no comments with a text", id="no-such-column"),
    ],
)
def test_what_can_not_be_moved_is_explained(run, scores, arguments, said):
    done = run("rules", "suggest", "--from-perspective", scores, *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.replace("│", " ").split())


def test_where_nothing_is_scored_nothing_is_moved(run, scores, tmp_path):
    (tmp_path / "rules.yaml").write_text("version: 1\ntoxicity: false\n")
    done = run("rules", "suggest", "--from-perspective", scores)
    assert (done.code, "no comment is scored" in done.err) == (2, True)


def test_a_file_that_says_too_little_ends_with_1(run, tmp_path):
    (tmp_path / "few.csv").write_text('text,TOXICITY\nhello there,0.9\n" ",0.9\nhallo,\n')
    done = run("rules", "suggest", "--from-perspective", "few.csv")
    assert done.code == 1
    assert "toxicity: too few comments: 1; from 100 on a threshold can be told" in done.out
    assert "left out: 1 comment empty, or longer than the rules allow (und)" in done.out
    assert "left out: 1 row without a score, 0 that can't be used" in done.out


def test_a_stronger_action_below_is_said(run, scores, tmp_path):
    (tmp_path / "rules.yaml").write_text("version: 1\ntoxicity: {thresholds: {toxicity: {reject: 0.01}}}\n")
    done = run("rules", "suggest", "--from-perspective", scores)
    assert "toxicity is left out: `hold` would never act, because `reject` begins there or below" in done.out
