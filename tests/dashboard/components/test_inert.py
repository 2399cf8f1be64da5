"""Hostile text where Markdown is read."""

import re

import pytest

from dashboard.components.inert import inert_value, label
from tests.test_hostile import PAYLOADS


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_label_is_one_line_without_markup(name):
    found = label(PAYLOADS[name])
    assert "\n" not in found
    assert not re.search(r"(?<!\\)[<>\[\]()!*_`:$#~|]", found.replace("\\\\", ""))
    found.encode()


def test_a_long_label_is_cut():
    assert label("x" * 500) == "x" * 79 + "…"


def test_a_cell_shows_what_is_hidden_in_it():
    assert inert_value("a\u202eb\u0000\ud800") == "a⟨U+202E⟩b␀⟨U+D800⟩"
    assert inert_value(3) == 3
    assert inert_value(None) is None
