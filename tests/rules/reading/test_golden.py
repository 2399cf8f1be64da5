"""Rules files as people break them, and what they are told.

Each `golden/NAME.yaml` has the text that is shown for it in `golden/NAME.txt`. After a change of wording,
run `WRITE_GOLDEN=1 pytest tests/rules/reading/test_golden.py`, and read the difference before committing it.
"""

import os
from pathlib import Path

import pytest

from moderation.rules import Severity, check_rules, render

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))


@pytest.mark.parametrize("case", CASES)
def test_broken_rules_are_explained(case, monkeypatch):
    monkeypatch.chdir(GOLDEN)
    shown = render(check_rules(Path(f"{case}.yaml"))[1]) + "\n"
    expected = GOLDEN / f"{case}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_every_error_says_what_to_do(case, monkeypatch):
    monkeypatch.chdir(GOLDEN)
    problems = check_rules(Path(f"{case}.yaml"))[1]
    assert any(problem.severity is Severity.ERROR for problem in problems)
    assert [problem.message for problem in problems if not problem.hint] == []


def test_every_golden_text_has_its_case():
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == CASES
