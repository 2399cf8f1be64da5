"""Whole rules files as people break them: each must be understood in one reading.

Each `broken/NAME.yaml` has what an admin is told in `broken/NAME.txt`. After a change of wording, run
`WRITE_GOLDEN=1 pytest tests/rules/reading/test_broken.py`, and read the difference before committing it.
"""

import io
import os
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from moderation.cli.display.trials import render_test_report
from moderation.pipeline import Pipeline
from moderation.rule_tests import check_file, run_examples
from moderation.rules import Ruleset, render

BROKEN = Path(__file__).parent / "broken"
CASES = sorted(path.stem for path in BROKEN.glob("*.yaml"))
TODAY = date(2026, 11, 25)


def told(path):
    """Say what `rules check` says; of a ruleset that can be used, what `rules test` says too."""
    problems = check_file(path, today=TODAY)
    shown = render(problems) + "\n" if problems else ""
    if not problems:
        ruleset = Ruleset.load(path)
        pipeline = Pipeline(ruleset, detector=None, scorer=None)
        screen = io.StringIO()
        render_test_report(run_examples(ruleset, pipeline), Console(file=screen, width=100))
        shown = screen.getvalue()
    return shown


@pytest.mark.parametrize("case", CASES)
def test_broken_rules_are_explained(case, monkeypatch):
    monkeypatch.chdir(BROKEN)
    shown = told(Path(f"{case}.yaml"))
    expected = BROKEN / f"{case}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_nothing_broken_is_passed(case, monkeypatch):
    monkeypatch.chdir(BROKEN)
    problems = check_file(Path(f"{case}.yaml"), today=TODAY)
    assert [problem.message for problem in problems if not problem.hint] == []
    assert problems or "failed" in told(Path(f"{case}.yaml"))


def test_every_golden_text_has_its_case():
    assert sorted(path.stem for path in BROKEN.glob("*.txt")) == CASES
