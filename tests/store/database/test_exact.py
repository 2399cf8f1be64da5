import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.store.database.exact import dump_json, escape, load_json, unescape
from tests.store.samples import HOSTILE_TEXTS

ANY_TEXT = st.text(st.characters(exclude_categories=()))
TRICKY_TEXT = st.text(st.sampled_from("\x00\x1a\ud800\udfff0000d8a\\u"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT | TRICKY_TEXT | st.floats(allow_nan=False).map(str),
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT | TRICKY_TEXT, inner),
    max_leaves=10,
)


@given(ANY_TEXT | TRICKY_TEXT)
def test_every_string_comes_back_as_it_was(text):
    assert unescape(escape(text)) == text


@given(ANY_TEXT | TRICKY_TEXT)
def test_an_escaped_string_is_one_that_postgresql_can_hold(text):
    stored = escape(text)
    assert "\x00" not in stored
    assert stored.encode("utf-8").decode("utf-8") == stored


@given(ANY_TEXT | TRICKY_TEXT, ANY_TEXT | TRICKY_TEXT)
def test_strings_that_differ_stay_different(one, other):
    assert (escape(one) == escape(other)) == (one == other)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1a")))
def test_ordinary_text_is_stored_as_it_was_written(text):
    assert escape(text) == text


@given(JSON)
def test_json_comes_back_as_it_was(value):
    stored = dump_json(value)
    assert load_json(stored) == value
    assert load_json(stored.encode()) == value


@given(JSON)
def test_json_holds_no_string_that_postgresql_can_not_hold(value):
    stored = dump_json(value)
    assert stored.encode("utf-8").decode("utf-8") == stored
    assert "\x00" not in json.dumps(json.loads(stored), ensure_ascii=False)


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_hostile_texts_come_back_from_json_too(text):
    assert load_json(dump_json({text: [text, {"deep": text}]})) == {text: [text, {"deep": text}]}


@pytest.mark.parametrize("number", [float("nan"), float("inf")], ids=["nan", "infinity"])
def test_a_number_that_json_lacks_is_refused(number):
    with pytest.raises(ValueError, match="JSON"):
        dump_json({"score": number})
