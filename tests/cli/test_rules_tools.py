"""The tools for whoever writes rules: `rules test`, `rules schema`, `rules import`."""

import json

import pytest

RULES = """version: 1
toxicity: false
language: false
rules:
  - name: two-links
    when: {links: "> 1"}
    action: hold
    examples: {match: see a.com and b.com, no_match: see a.com}
"""


def test_rules_test_passes_quietly(run, tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES)
    result = run("rules", "test")
    assert (result.code, result.out) == (0, "2 examples, all as expected\n")


def test_rules_test_shows_what_failed_and_what_fired(run, tmp_path):
    (tmp_path / "rules.yaml").write_text(
        RULES.replace("no_match: see a.com", r'no_match: "a.com \e[31m b.com"')
        + "  - {name: bare, when: {links: '> 9'}, action: hold}\n"
    )
    (tmp_path / "cases.yaml").write_text("- {comment: a.com b.com, action: reject}\n")
    result = run("rules", "test")
    assert result.code == 1
    assert "rules.yaml:8  rule two-links\n  text      a.com ␛[31m b.com\n" in result.out
    assert "cases.yaml:1  case\n" in result.out
    assert "  fired     two-links hold  links 2\n" in result.out
    assert result.out.endswith("without an example: bare\n3 examples, 2 failed\n")


def test_rules_test_as_json(run, tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "mine.yaml").write_text("- {comment: a.com b.com, rules: []}\n")
    result = run("rules", "test", "--cases", "mine.yaml", "--json")
    report = json.loads(result.out)
    assert result.code == 1
    assert (report["ran"], report["passed"]) == (3, False)
    assert [(one["file"], one["line"]) for one in report["failures"]] == [("mine.yaml", 1)]


def test_rules_test_refuses_files_that_can_not_be_used(run, tmp_path):
    assert run("rules", "test").code == 2
    (tmp_path / "rules.yaml").write_text(RULES)
    result = run("rules", "test", "--cases", "absent.yaml")
    assert result.code == 2
    assert "there is no such file" in result.err


CORAL = {"locale": "en", "wordList": {"banned": ["moron"], "suspect": ["f*ck"]}}


def test_corals_settings_become_files_that_can_be_used(run, tmp_path):
    (tmp_path / "settings.json").write_text(json.dumps(CORAL))
    result = run("rules", "import", "coral", "settings.json", "-o", "site")
    assert (result.code, result.out) == (0, "")
    assert "settings.json  wordList.suspect: `f*ck` was left out" in result.err
    assert "1 rule\n" in result.err
    assert run("rules", "check", "site/rules.yaml").code == 0
    before = (tmp_path / "site/rules.yaml").read_text()
    (tmp_path / "settings.json").write_text(json.dumps({**CORAL, "locale": "de"}))
    again = run("rules", "import", "coral", "settings.json", "-o", "site")
    assert (again.code, (tmp_path / "site/rules.yaml").read_text()) == (2, before)
    assert run("rules", "import", "coral", "settings.json", "-o", "site", "--force").code == 0
    assert "locale: de" in (tmp_path / "site/rules.yaml").read_text()


def test_files_that_can_not_be_imported_are_refused(run, tmp_path):
    (tmp_path / "latin.json").write_bytes(b"\xff")
    (tmp_path / "other.json").write_text("{}")
    for name in ("absent.json", "latin.json", "other.json"):
        result = run("rules", "import", "coral", name)
        assert (result.code, "error[import_file]" in result.err) == (2, True)


def test_the_schema_is_printed_or_written(run, tmp_path):
    printed = json.loads(run("rules", "schema").out)
    assert printed["title"] == "rules.yaml"
    assert run("rules", "schema", "-o", "rules.schema.json").out == ""
    assert json.loads((tmp_path / "rules.schema.json").read_text()) == printed
    assert run("rules", "schema", "-o", "nowhere/rules.schema.json").code == 2


@pytest.mark.parametrize(
    ("page", "said"),
    [
        pytest.param("version: 1\nrules: []\n", "A rules.yaml needs no import", id="a rules.yaml"),
        pytest.param("This is just some prose.\n", "needs no import", id="prose"),
        pytest.param("", "can be one here", id="nothing"),
        pytest.param(
            "body: [spam]\n\xa0action: remove\n",
            "a blank that is no space stands before `action`",
            id="no-break space",
        ),
        pytest.param("type: submission\ntitle: x\naction: remove\n", "about posts only", id="posts"),
    ],
)
def test_a_page_of_which_no_rule_comes_is_a_mistake(run, tmp_path, page, said):
    (tmp_path / "page.yaml").write_text(page, encoding="utf-8")
    result = run("rules", "import", "automoderator", tmp_path / "page.yaml", "-o", "site.yaml")
    assert (result.code, result.out) == (2, "")
    assert said in " ".join(result.err.split())
    assert not (tmp_path / "site.yaml").exists()


def test_an_automoderator_page_becomes_rules_and_a_list_of_what_is_missing(run, tmp_path):
    page = "body: spam\naction: remove\n---\nbody: x\nauthor: {comment_karma: '< 3'}\naction: filter\n---\ntitle: x\naction: remove\n"
    (tmp_path / "page.yaml").write_text(page)
    result = run("rules", "import", "automoderator", "page.yaml")
    assert result.code == 0
    assert "page.yaml:5  rule-2: draft: `author.comment_karma`" in result.err
    assert "1 rule, 1 draft for you to finish, 1 left out" in result.err
    (tmp_path / "rules.yaml").write_text(result.out)
    assert run("rules", "check").code == 0
    assert run("rules", "import", "automoderator", "page.yaml", "-o", "rules.yaml").code == 2
    assert run("rules", "import", "automoderator", "page.yaml", "-o", "site.yaml").out == ""
    assert (tmp_path / "site.yaml").read_text() == result.out


def test_rules_check_warns_of_rules_that_do_nothing(run, tmp_path):
    (tmp_path / "rules.yaml").write_text(
        RULES + "  - {name: three-links, when: {links: '> 2'}, action: flag}\n"
    )
    result = run("rules", "check")
    assert result.code == 0
    assert (
        "warning: this rule changes nothing: `two-links` (rules.yaml:5) holds all that it catches"
        in result.out
    )
    assert run("rules", "check", "--format", "github").out.startswith(
        "::warning file=rules.yaml,line=9,col=12,"
    )


def test_rules_test_names_some_of_many_rules_without_examples(run, tmp_path):
    more = "".join(f"  - {{name: r{n}, when: {{links: '> {n + 9}'}}, action: hold}}\n" for n in range(12))
    (tmp_path / "rules.yaml").write_text(RULES + more)
    assert "r9 and 2 more" in run("rules", "test").out
