"""Sentences, their scores, and places in UTF-16 units."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.api.perspective.sentences import MOST, sentences
from moderation.api.perspective.utf16 import Utf16
from moderation.domain import Span

TEXTS = st.text(st.sampled_from("aB1 .!?\n\r\u2029…。,)\"'😀é\u0301너"), max_size=200)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"], id="three ends"),
        pytest.param("Really?! Yes... No.", ["Really?!", "Yes...", "No."], id="several marks"),
        pytest.param("It costs 3.14 today. Ok.", ["It costs 3.14 today.", "Ok."], id="a number"),
        pytest.param(
            "The U.S. is big, e.g. in area.", ["The U.S. is big, e.g. in area."], id="abbreviations"
        ),
        pytest.param('He said "Go." Then "he" left.', ['He said "Go."', 'Then "he" left.'], id="quotes"),
        pytest.param("one\ntwo\r\n\r\nthree", ["one", "two", "three"], id="lines"),
        pytest.param("你好。你是谁？走开！", ["你好。", "你是谁？", "走开！"], id="Chinese"),
        pytest.param("😀. 😀! é́? A", ["😀.", "😀!", "é́?", "A"], id="emoji and marks"),
        pytest.param("  Hi there.  ", ["Hi there."], id="space around"),
        pytest.param("See example.com. It is good.", ["See example.com.", "It is good."], id="a host"),
        pytest.param("no end", ["no end"], id="no end"),
        pytest.param("   ", ["   "], id="blank"),
    ],
)
def test_sentences_end_where_readers_see_it(text, found):
    assert [text[span.start : span.end] for span in sentences(text)] == found


@given(TEXTS)
def test_sentences_are_in_order_and_leave_out_nothing_but_space(text):
    spans = sentences(text)
    if text.strip():
        joined = "".join(text[span.start : span.end] for span in spans)
        assert "".join(joined.split()) == "".join(text.split())
        assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))


@pytest.mark.parametrize("count", [MOST, MOST + 1, 10 * MOST, 6_800])
def test_there_are_only_so_many(count):
    text = "A. " * count
    spans = sentences(text)
    assert len(spans) <= MOST
    assert (spans[0].start, spans[-1].end) == (0, len(text) - 1)


@pytest.mark.parametrize(
    "text", [". " * 10_000, "." * 20_000, ".)" * 10_000, "a.1" * 6_000, ". " + "1" * 20_000]
)
def test_hostile_texts_have_sentences_too(text):
    assert sentences(text)[0].start == 0


@given(TEXTS)
def test_places_are_those_of_utf_16(text):
    places = Utf16(text)
    assert places.length == len(text.encode("utf-16-le")) // 2
    for place in range(len(text) + 1):
        assert places.units(place) == len(text[:place].encode("utf-16-le")) // 2
        assert places.code_points(places.units(place)) == place


@pytest.mark.parametrize(
    ("units", "place"), [(0, 0), (1, 1), (2, None), (3, 2), (4, 3), (5, None), (-1, None), (2**40, None)]
)
def test_no_place_is_inside_a_pair_or_outside_of_the_text(units, place):
    assert Utf16("a😀b").code_points(units) == place


def test_each_sentence_is_scored_as_a_text_of_its_own(client):
    text = "You are an idiot 😀! I like your garden very much. You are an idiot 😀!"
    score = client.analyze(text, "TOXICITY", "RULES_HOLD", spanAnnotations=True)["attributeScores"]
    spans = score["TOXICITY"]["spanScores"]
    cut = text.encode("utf-16-le")
    found = [cut[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le") for span in spans]
    assert found == ["You are an idiot 😀!", "I like your garden very much.", "You are an idiot 😀!"]
    for sentence, span in zip(found, spans, strict=True):
        alone = client.analyze(sentence, languages=["en"])["attributeScores"]["TOXICITY"]["summaryScore"]
        assert span["score"] == alone
    assert score["RULES_HOLD"]["spanScores"] == [
        {"begin": 0, "end": len(cut) // 2, "score": {"value": 1.0, "type": "PROBABILITY"}}
    ]


def test_a_sentence_that_the_model_cannot_score_has_no_span(client):
    text = "zzz qqq lol xkcd zzz qqq. Ты дурак. Ok lol"
    spans = client.analyze(text, spanAnnotations=True)["attributeScores"]["TOXICITY"]["spanScores"]
    found = [text[span["begin"] : span["end"]] for span in spans]
    assert found == ["zzz qqq lol xkcd zzz qqq.", "Ok lol"]


def test_one_sentence_is_one_span(client):
    spans = client.analyze("You idiot", spanAnnotations=True)["attributeScores"]["TOXICITY"]["spanScores"]
    assert [(span["begin"], span["end"]) for span in spans] == [(0, 9)]


def test_a_text_of_nothing_is_one_sentence():
    assert sentences("") == [Span(0, 0)]
