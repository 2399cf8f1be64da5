"""How long a comment is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.checks.base import Subject
from moderation.checks.length import LengthCheck
from moderation.domain import Comment, Outcome, SignalName


def measure(text):
    subject = Subject(Comment(text), datetime(2026, 11, 23, tzinfo=UTC))
    result = LengthCheck().guarded(subject)
    assert result.outcome is Outcome.OK, result.error
    assert subject.normalised is None
    return {signal.name: signal.value for signal in result.signals}


@pytest.mark.parametrize(
    ("text", "graphemes", "size"),
    [
        pytest.param("hello", 5, 5, id="ascii"),
        pytest.param("  hello\n\u200b", 5, 5, id="trimmed"),
        pytest.param("안녕", 2, 6, id="hangul"),
        pytest.param("👨‍👩‍👧", 1, 18, id="family"),
        pytest.param("e\u0301" + "\u0301" * 99, 1, 201, id="stacked marks"),
        pytest.param("a\ud800b", 3, 5, id="lone surrogate"),
    ],
)
def test_length_is_what_a_reader_counts_and_what_a_disk_holds(text, graphemes, size):
    assert measure(text) == {SignalName.GRAPHEMES: graphemes, SignalName.BYTES: size}


@pytest.mark.parametrize("text", ["", " \t\n", "\u200b\u2060\ufeff", "\u3164", "\u2800", "\x00"])
def test_nothing_visible_is_empty(text):
    assert measure(text)[SignalName.EMPTY] == 1.0


def test_a_megabyte_of_stacked_marks_is_measured():
    found = measure("a" + "\u0301" * 500_000)
    assert found[SignalName.GRAPHEMES] == 1
    assert found[SignalName.BYTES] == 1_000_001


@given(st.text(st.characters()))
def test_no_text_breaks_it(text):
    found = measure(text)
    assert found[SignalName.GRAPHEMES] <= found[SignalName.BYTES]
