"""The tools for whoever writes rules: `rules test`, `rules schema`, `rules import`."""

import json

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
