import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.queue.context import difference

CASES = {
    "the same": ("one two", "one two", [["same", "one two"]]),
    "a word changed": (
        "you fool",
        "you friend",
        [["same", "you "], ["removed", "fool"], ["added", "friend"]],
    ),
    "a word added": ("well", "well said", [["same", "well"], ["added", " said"]]),
    "all removed": ("gone", "", [["removed", "gone"]]),
    "nothing": ("", "", []),
}


@pytest.mark.parametrize(("before", "after", "pieces"), CASES.values(), ids=CASES)
def test_a_difference_is_told_word_by_word(before, after, pieces):
    assert difference(before, after) == pieces


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_holds_both_texts_whole(before, after):
    pieces = difference(before, after)
    assert "".join(text for kind, text in pieces if kind != "removed") == after
    assert "".join(text for kind, text in pieces if kind != "added") == before


def test_an_enormous_text_is_not_compared():
    assert difference("a " * 5000, "b " * 5000) == [["added", "b " * 5000]]
