"""`moderation evaluate`: real scores of real files; pages that a browser and a reader can use."""

import csv
import json
import re
import sys
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from moderation.store import Store
from moderation.store.labels import NewLabel, add_labels

pytest.importorskip("sklearn", reason="needs comment-moderation[evaluate]")

ROWS = [
    # text, toxicity, insult, lang, identity, TOXICITY (what another system said)
    ("You are an idiot and a liar", 1, 1, "en", "", 0.91),
    ("What a stupid pathetic moron", 1, 1, "en", "", 0.88),
    ("Fuck you, you piece of shit", 1, "", "en", "", 0.97),
    ("Shut up, idiot", 0.8, 1, "en", "gay", 0.2),
    ("Thank you for this careful article", 0, 0, "en", "", 0.02),
    ("The council meets again on Monday", 0, 0, "en", "", 0.01),
    ("The gay couple runs a bakery", 0, 0, "en", "gay", 0.6),
    ("I agree with the second paragraph", 0, "", "en", "", 0.03),
    ("Hyvää huomenta kaikille lukijoille", 0, "", "fi", "", 0.02),
]
NAMES = ("text", "toxicity", "insult", "lang", "identity", "TOXICITY")


@pytest.fixture
def labelled(tmp_path):
    path = tmp_path / "labelled.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([NAMES, *ROWS])
    return path


def document(result):
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_the_figures_are_of_the_rows_that_the_model_knows(run, labelled):
    found = document(run("evaluate", labelled, "--json", "--bootstrap", 20))
    (one,) = found["sets"]
    (system,) = one["systems"]
    assert one["comments"] == 9
    assert system["not_covered"] == 1
    toxicity = system["attributes"]["toxicity"]
    assert (toxicity["comments"], toxicity["positives"]) == (8, 4)
    assert toxicity["roc_auc"] > 0.9
    assert toxicity["roc_auc_interval"][0] <= toxicity["roc_auc"] <= toxicity["roc_auc_interval"][1]
    assert [level["action"] for level in toxicity["thresholds"]] == ["flag", "hold", "reject"]
    assert system["attributes"]["insult"]["comments"] == 6
    assert system["by"]["lang"]["en"]["comments"] == 8
    assert system["by"]["identity"]["gay"]["comments"] == 2
    assert found["command"].startswith("moderation evaluate")


def test_the_same_command_gives_the_same_figures(run, labelled):
    first, second = (document(run("evaluate", labelled, "--json", "--bootstrap", 20)) for _ in range(2))
    assert first == second


def test_another_systems_scores_stand_beside(run, labelled):
    found = document(
        run("evaluate", labelled, "--json", "--scores", "perspective=TOXICITY", "--bootstrap", 0)
    )
    ours, theirs = found["sets"][0]["systems"]
    assert (ours["name"], theirs["name"], theirs["model"]) == ("compact", "perspective", "")
    # 0.91, 0.88, 0.97, 0.2 against 0.02, 0.01, 0.6, 0.03, 0.02: of 20 pairs, one is the wrong way round.
    assert theirs["attributes"]["toxicity"]["roc_auc"] == pytest.approx(19 / 20)
    assert theirs["by"]["identity"]["gay"]["roc_auc"] == 0.0


def test_bias_and_robustness_are_measured(run, labelled):
    asked = ("evaluate", labelled, "--json", "--identity", "identity", "--robustness", "--bootstrap", 0)
    (system,) = document(run(*asked))["sets"][0]["systems"]
    assert system["bias"]["groups"]["gay"]["comments"] == 2
    assert system["robustness"].keys() == {
        "leet",
        "homoglyph",
        "zero-width",
        "spaced",
        "stretched",
        "swapped",
    }
    for evasion in ("homoglyph", "zero-width"):  # undone as a whole
        assert system["robustness"][evasion]["drop"] == pytest.approx(0, abs=1e-9)


@pytest.mark.slow
def test_the_page_is_whole_and_has_no_comment_in_it(run, labelled, tmp_path):
    page, card = tmp_path / "report.html", tmp_path / "card.md"
    asked = (
        "--html",
        page,
        "--card",
        card,
        "--identity",
        "terms",
        "--robustness",
        "--scores",
        "other=TOXICITY",
    )
    result = run("evaluate", labelled, *asked, "--bootstrap", 5)
    assert result.code == 0, result.err
    written = page.read_text()
    assert written.count("<svg") >= 8  # four kinds of charts, two attributes
    assert not re.search(r"""(src|href)=["']?https?:""", written)
    for text in ("idiot", "bakery", "Monday"):
        assert text not in written
        assert text not in card.read_text()
    assert "What it must not be used for" in card.read_text()
    for table in (
        "attribute",
        "perspective" if "perspective" in result.out else "other",
        "evasion",
        "power mean",
    ):
        assert table in result.out


@pytest.mark.slow
def test_decisions_are_those_of_every_check_and_rule(run, labelled, tmp_path):
    page, card = tmp_path / "report.html", tmp_path / "card.md"
    asked = ("evaluate", labelled, "--decisions", "--bootstrap", 0, "--html", page, "--card", card)
    decided = document(run(*asked, "--json"))["sets"][0]["decisions"]["language"]
    assert decided["en"]["toxic"]["held_or_rejected"] > 0.5
    assert decided["en"]["harmless"]["reject"] == 0.0
    assert decided["fi"]["harmless"]["held_or_rejected"] == 1.0  # not expected: held by the shipped rules
    out = run(*asked).out
    assert "What the ruleset does" in out
    assert "through every check" in out
    for written in (page, card):
        assert "held or rejected" in written.read_text()
        assert "through every check" in written.read_text()


def test_without_a_file_the_one_that_comes_along_is_read(run):
    found = document(run("evaluate", "--limit", 40, "--decisions", "--json", "--bootstrap", 0))["sets"][0]
    assert (found["name"], found["comments"]) == ("evaluation.parquet", 40)
    assert any(name.startswith("en ") for name in found["decisions"]["kind"])


def test_parquet_and_jsonl_are_read_too(run, tmp_path):
    rows = [{"body": text, "toxicity": float(toxic)} for text, toxic, *_ in ROWS]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "labelled.parquet")
    (tmp_path / "labelled.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in rows) + "{not json\n" + json.dumps({"toxicity": 1}) + "\n"
    )
    asked = ("--text", "body", "--json", "--bootstrap", 0)
    found = document(run("evaluate", tmp_path / "labelled.parquet", tmp_path / "labelled.jsonl", *asked))
    parquet, jsonl = found["sets"]
    assert parquet["systems"][0]["attributes"] == jsonl["systems"][0]["attributes"]
    assert (parquet["bad_rows"], jsonl["bad_rows"]) == (0, 2)


def test_a_set_of_one_kind_says_why_it_has_no_auc(run, tmp_path):
    (tmp_path / "one.csv").write_text("text,toxicity\nA fine article,0\nThank you for it,0\n")
    result = run("evaluate", "one.csv", "--bootstrap", 5)
    assert result.code == 0
    assert "No AUC without comments of both kinds" in result.out


def test_a_limit_reads_no_further(run, labelled):
    assert document(run("evaluate", labelled, "--limit", 3, "--json"))["sets"][0]["comments"] == 3


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        pytest.param("text,score\nhi,1\n", (), "has no labels", id="no-labels"),
        pytest.param("text,toxicity\n", (), "holds no comments", id="no-rows"),
        pytest.param("body,toxicity\nhi,1\n", (), "has no column `text`", id="no-text"),
        pytest.param("text,toxicity\nhi,7\n", (), "no number between 0 and 1", id="label-out-of-range"),
        pytest.param("text,toxicity\nhi,yes\n", (), "no number between 0 and 1", id="label-no-number"),
        pytest.param("text,toxicity\nhi,1\n", ("--by", "source"), "no column `source`", id="no-breakdown"),
        pytest.param("text,toxicity\nhi,1\n", ("--scores", "x=X"), "no column `X`", id="no-scores"),
        pytest.param("text,toxicity\nhi,1\n", ("--scores", "x"), "can't be used", id="scores-without-column"),
        pytest.param(
            "text,toxicity\nhi,1\n", ("--model", "compcat"), "did you mean `compact`", id="no-model"
        ),
        pytest.param(
            "text,toxicity\nhi,1\n", ("--html", "no/where.html"), "can't be written", id="no-folder"
        ),
    ],
)
def test_what_can_not_be_measured_is_explained(run, tmp_path, content, arguments, said):
    (tmp_path / "bad.csv").write_text(content)
    result = run("evaluate", "bad.csv", *arguments)
    assert result.code == 2
    assert said in " ".join(result.err.split())
    assert "Traceback" not in result.err


def test_without_its_packages_it_says_how_to_get_them(run, labelled, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    result = run("evaluate", labelled)
    assert result.code == 2
    assert "comment-moderation[evaluate]" in result.err


@pytest.mark.parametrize("package", ["jinja2", "matplotlib", "sklearn", "pyarrow"])
def test_without_its_extra_it_says_what_to_install(run, labelled, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    result = run("evaluate", labelled)
    assert result.code == 2
    assert f"error[missing_extra]: `moderation evaluate` needs the package `{package}`" in result.err
    assert 'pip install "comment-moderation[evaluate]"' in result.err


@pytest.fixture
def database(database_url):
    """A database with labels: one text said twice, by two ways."""
    said = [
        NewLabel(
            site="news", text=text, language=lang, scores={"toxicity": float(toxic)}, source="api", by="k"
        )
        for text, toxic, _, lang, *_ in ROWS
    ]
    said.append(
        NewLabel(
            site="sports",
            text=ROWS[0][0],
            language="en-GB",
            scores={"toxicity": 0.0, "insult": 1.0},
            source="perspective",
            by="coral",
        )
    )
    with Store.open(database_url) as store, store.transaction() as session:
        add_labels(said, datetime.now(UTC), session=session)
    return database_url


def test_labels_of_a_database_are_measured_beside_a_file_or_alone(run, labelled, database):
    asked = ("evaluate", "--labels", "--database", database, "--json", "--bootstrap", 0)
    (alone,) = document(run(*asked))["sets"]
    system = alone["systems"][0]
    assert (alone["name"], alone["comments"], alone["bad_rows"]) == ("labels", 9, 0)
    toxicity, insult = (system["attributes"][name] for name in ("toxicity", "insult"))
    assert (toxicity["comments"], toxicity["positives"]) == (
        8,
        3,
    )  # the newest says that the first is harmless
    assert (insult["comments"], insult["positives"]) == (1, 1)
    assert set(system["by"]["lang"]) == {"en"}  # the Finnish one is not covered
    assert {name: one["comments"] for name, one in system["by"]["source"].items()} == {
        "api": 7,
        "perspective": 1,
    }
    file, beside = document(run(*asked[:1], labelled, *asked[1:]))["sets"]
    assert (file["name"], beside) == ("labelled.csv", alone)


def test_so_many_labels_are_read_and_no_more(run, database):
    asked = ("evaluate", "--labels", "--limit", 3, "--decisions", "--by", "site", "--json", "--bootstrap", 0)
    (one,) = document(run(*asked, "-d", database))["sets"]
    assert one["comments"] == 3
    assert one["decisions"]["language"]["en"]["toxic"]["comments"] == 2
    assert set(one["systems"][0]["by"]["site"]) == {"news", "sports"}


def test_a_database_without_labels_says_so(run, database_url):
    result = run("evaluate", "--labels", "-d", database_url)
    assert result.code == 2
    assert "the database holds no labels" in result.err
