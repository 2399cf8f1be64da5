"""docs/rules-tools.md is tried."""

import re
from pathlib import Path

from moderation.cli.rules import app
from moderation.pipeline import Pipeline
from moderation.rule_tests import run_cases
from moderation.rule_tests.cases import Cases
from moderation.rules import Ruleset

DOCS = (Path(__file__).parents[2] / "docs" / "rules-tools.md").read_text(encoding="utf-8")
RULES = 'version: 1\nrules: [{name: many-links, when: {links: "> 2"}, action: hold}]'


def test_the_cases_shown_pass():
    (example,) = [
        block for block in re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL) if "- comment:" in block
    ]
    pipeline = Pipeline.open(Ruleset.parse(RULES))
    report = run_cases(Cases.parse(example), pipeline)
    assert (report.ran, report.failures) == (3, ())
    pipeline.close()


def test_every_tool_is_documented():
    mine = {"check", "test", "schema"}
    commands = {command.name for command in app.registered_commands}
    assert mine <= commands
    assert all(f"## `rules {name}" in DOCS for name in (*mine, "import automoderator", "import coral"))
