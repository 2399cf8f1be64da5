"""Hostile text in HTML: nothing of it but letters, whatever the spans."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from dashboard.components.diff import changed
from dashboard.components.highlight import LONGEST, highlighted
from moderation.domain import Action, Reason, Span
from moderation.text.visible import visible
from tests.test_hostile import PAYLOADS

OURS = {"div", "mark", "i", "del", "ins"}


class Reader(HTMLParser):
    """What a browser would make of HTML: its tags, and the text between."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""

    @override
    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert {name for name, _ in attrs} <= {"dir", "style", "title"}

    @override
    def handle_data(self, data):
        self.text += data


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader


def reason(*spans, action=Action.HOLD, rule="a-rule"):
    return Reason(rule, action, "No.", tuple(Span(*span) for span in spans))


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_is_letters_and_nothing_else(name):
    text = PAYLOADS[name]
    for html in (
        highlighted(text, [reason((2, 9), rule=text)]),
        changed(text, text + text),
        changed("", text),
    ):
        assert set(read(html).tags) <= OURS
        html.encode()  # what goes to a browser has no half pairs


@given(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=5),
)
def test_marks_never_change_the_text(text, spans):
    found = read(highlighted(text, [reason(*spans)])).text
    assert "".join(found.split()) == "".join(piecewise(text, spans).split())


def piecewise(text, spans):
    """Marks stop joiners from joining across them, so compare by the pieces that they make."""
    places = sorted({0, len(text), *(place for span in spans for place in span if 0 < place < len(text))})
    return "".join(visible(text[a:b], keep="\n") for a, b in pairwise(places))


def test_the_stronger_of_two_rules_colours_what_both_are_about():
    html = highlighted("You idiot", [reason((4, 9)), reason((4, 9), action=Action.REJECT, rule="other")])
    assert html.count("<mark") == 1
    assert "255, 75, 75" in html
    assert 'title="a-rule, other"' in html


def test_an_override_is_shown_and_not_obeyed():
    html = highlighted("abc \u202e evil")
    assert "\u202e" not in html
    assert "⟨U+202E⟩" in html
    assert "unicode-bidi: isolate" in html


def test_of_a_very_long_text_the_rest_is_counted():
    html = highlighted("x" * (LONGEST + 1_234))
    assert len(html) < LONGEST + 500
    assert "1,234 more characters" in html


def test_an_edit_shows_what_came_and_what_went():
    reader = read(changed("You <b>idiot</b> there", "You <i>friend</i> there"))
    assert set(reader.tags) == {"div", "ins", "del"}
    assert "idiot" in reader.text
    assert "friend" in reader.text
