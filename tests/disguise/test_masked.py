"""Masked, repeated and turned words of lists, beside everyday text of the same looks."""

import pytest

from moderation.disguise import WordMatcher, parse_list
from moderation.text import normalise

WORDS = WordMatcher({"list": parse_list("*fuck*\nbitch\nshit\ncunt\nnigger\nsex\nass").entries})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f**k b*tch sh*t c*nt n****r b***h", ["f**k", "b*tch", "sh*t", "c*nt", "n****r", "b***h"]),
        ("f#ck sh-t f_ck f@#k", ["f#ck", "sh-t", "f_ck", "f@#k"]),
        ("motherf**king", ["f**k"]),
        ("b*tchy a-b-c s*x 2*3*4 well-known AT&T it-self f-k sh-", []),
        ("f||uc||k and ||shit||", ["f||uc||k", "shit"]),
        ("pass||hit||", []),
        ("shitshitshit sexsexsex", ["shitshitshit", "sexsexsex"]),
        ("couscous, sexsex, shitshits", []),
        ("\u202ekcuf", ["kcuf"]),
        ("\u202etihs\u202c shit \u202ecba", ["tihs", "shit"]),
        ("kcuf tihs", []),
        ("ʞɔnɟ\nʇᴉɥs", ["ʞɔnɟ", "ʇᴉɥs"]),
        ("[ɹɪˈtɝn] ʌp ðə ʃɪp", []),
    ],
)
def test_masked_and_turned_words_are_found_where_they_stand(text, expected):
    normalised = normalise(text)
    spans = [normalised.span(match.start, match.end) for match in WORDS.find(normalised)]
    assert [text[span.start : span.end] for span in spans] == expected
