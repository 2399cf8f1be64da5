"""What docs/rules.md says that a word list finds is what it finds."""

import re
from pathlib import Path

import pytest

from moderation.disguise import WordMatcher, parse_list
from moderation.text import normalise

PAGE = (Path(__file__).parents[2] / "docs/rules.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("| entry | is found in | and not in |")[2].partition("\n\n")[0]
ROWS = [[re.findall(r"`([^`]+)`", cell) for cell in row.split("|")[1:4]] for row in TABLE.splitlines()[2:]]


@pytest.mark.parametrize(("entries", "finds", "leaves"), ROWS, ids=[" ".join(row[0]) for row in ROWS])
def test_the_table_of_entries_is_true(entries, finds, leaves):
    matcher = WordMatcher({"list": parse_list("\n".join(entries)).entries})
    for text in finds:
        assert {match.entry for match in matcher.find(normalise(text))} == {one.strip("*") for one in entries}
    for text in leaves:
        assert not matcher.find(normalise(text)), text


def test_the_table_is_there():
    assert len(ROWS) > 5
