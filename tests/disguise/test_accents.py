"""Accents that hide a word, and accents that make another word of it."""

import pytest

from moderation.disguise import WordMatcher, parse_list
from moderation.text import normalise

LIST = "kike\nano\nshit\nfuck\ncabron\nencule\nsik\nschon\ncaca\npâté"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kiké Hernández hits a homer", [], id="name"),
        pytest.param("I love Kiké", [], id="name alone among English words"),
        pytest.param("Feliz año nuevo", [], id="letter of Spanish"),
        pytest.param("çok şık olmuş", [], id="letters of Turkish"),
        pytest.param("Das ist schön", [], id="letter of German"),
        pytest.param("caça e pesca", [], id="letter of Portuguese"),
        pytest.param("Cabrón Hernández", [], id="before a family name"),
        pytest.param("kike and ano", ["kike", "ano"], id="no accents"),
        pytest.param("shít happens", ["shít"], id="accent"),
        pytest.param("Shít happens", ["Shít"], id="accent at the start of a sentence"),
        pytest.param("SHÍT HAPPENS", ["SHÍT"], id="capitals"),
        pytest.param("fück you", ["fück"], id="umlaut among English words"),
        pytest.param("fück", ["fück"], id="umlaut alone"),
        pytest.param("fück this shït", ["fück", "shït"], id="two of them"),
        pytest.param("eres un cabrón", ["cabrón"], id="stress that the list leaves out"),
        pytest.param("va te faire enculé", ["enculé"], id="stress at the end"),
        pytest.param("un Pâté maison, un pate", ["Pâté", "pate"], id="accents of the entry"),
        pytest.param(
            "f\u0335\u0336u\u0335c\u0335k\u0335", ["f\u0335\u0336u\u0335c\u0335k\u0335"], id="zalgo"
        ),
    ],
)
def test_accents_hide_a_word_or_make_another_of_it(text, expected):
    words = WordMatcher({"list": parse_list(LIST).entries})
    normalised = normalise(text)
    spans = [normalised.span(match.start, match.end) for match in words.find(normalised)]
    assert [text[span.start : span.end] for span in spans] == expected
