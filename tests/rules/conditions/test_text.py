"""Conditions on text, by table: what fires, and what is pointed at."""

import pytest

from moderation.domain import Author, Comment, Span
from moderation.rules import Ruleset
from tests.rules.facts import NOW, length


def rule(when):
    return Ruleset.parse(f"version: 1\nrules:\n  - name: mine\n    when:\n      {when}\n    action: hold\n")


def reason(when, text, results=None, **fields):
    about = Comment(text, **fields)
    return next(iter(rule(when).weigh(about, results or {}, now=NOW).reasons), None)


def pointed_at(when, text, **fields):
    """What the spans of the reason cut from the text; `None` if the rule does not fire."""
    found = reason(when, text, **fields)
    return None if found is None else [text[span.start : span.end] for span in found.spans]


@pytest.mark.parametrize(
    ("when", "text", "expected"),
    [
        pytest.param("body: spam", "Buy SPAM now", ["SPAM"], id="a word, whatever its case"),
        pytest.param("body: spam", "spammer, antispam", None, id="no part of a word"),
        pytest.param("body: spam", "spam이라고, é_spam", ["spam"], id="another script ends a word"),
        pytest.param("body: 스팸", "한스팸 스팸!", ["스팸"], id="a Korean word"),
        pytest.param("body: 스팸", "스팸입니다", None, id="a Korean word with a particle"),
        pytest.param("body (includes): 스팸", "스팸입니다", ["스팸"], id="a Korean word, included"),
        pytest.param("body: [a1, 'two words']", "two\n\nwords and a1", ["two\n\nwords", "a1"], id="any of a list"),
        pytest.param("body: '$50'", "for $50, a$50", ["$50", "$50"], id="a sign is no part of a word"),
        pytest.param("body: cafe", "café", None, id="an accent makes another letter"),
        pytest.param("body: straße", "STRASSE Straße", ["Straße"], id="case folds letter by letter"),
        pytest.param("body (includes): art", "party", ["art"], id="includes"),
        pytest.param("body (includes): ' art '", "part art s", [" art "], id="blanks at the ends count"),
        pytest.param("body (starts-with): par", "party par", ["par"], id="starts with"),
        pytest.param("body (ends-with): ty", "ty party", ["ty"], id="ends with"),
        pytest.param("body (ends-with): ty", "party!", None, id="does not end with"),
        pytest.param("body (full-exact): first", " First ", ["First"], id="full exact"),
        pytest.param("body (full-exact): first", "First!", None, id="not full exact"),
        pytest.param("body (full-text): first", "... First!!", ["First"], id="full text"),
        pytest.param("body (full-text): '!!'", "?!!?", ["!!"], id="full text without letters"),
        pytest.param("body (full-text): first", "First try", None, id="not full text"),
        pytest.param("body (case-sensitive): Spam", "spam Spam", ["Spam"], id="case sensitive"),
        pytest.param("body (regex): 'a+b'", "aab xaab AB", ["aab", "AB"], id="a pattern is a word too"),
        pytest.param("body (regex, includes): 'a+b'", "xaab", ["aab"], id="a pattern anywhere"),
        pytest.param("body (regex): 'foo|foobar'", "foobar", ["foobar"], id="all alternatives are tried"),
        pytest.param("body (regex): caf", "café", None, id="a pattern within an accented word"),
        pytest.param("body (regex, full-exact): 'a+'", "aaa", ["aaa"], id="a pattern alone"),
        pytest.param("body (regex, full-exact): 'a'", "ab", None, id="a pattern not alone"),
        pytest.param("body (regex, full-text): 'a+'", "«aaa»!", ["aaa"], id="a pattern but for signs"),
        pytest.param("body (regex, starts-with): 'a.b'", "a\nb a.b", ["a\nb"], id="a dot is a line break too"),
        pytest.param("body (regex, case-sensitive): 'A'", "a A", ["A"], id="a pattern with case"),
        pytest.param("body (regex): '(?i)x(y)'", "XY", ["XY"], id="groups and flags of its own"),
        pytest.param("body (regex): '\\pL+스팸'", "왕스팸", ["왕스팸"], id="letters of any alphabet"),
        pytest.param("body: crypto", "ｃｒｙｐｔｏ", ["ｃｒｙｐｔｏ"], id="wide letters"),
        pytest.param("body: crypto", "cry\u200bpt\u200bo!", ["cry\u200bpt\u200bo"], id="invisible characters"),
        pytest.param("body: don't", "I don’t", ["don’t"], id="a typographic apostrophe"),
        pytest.param("body: don’t", "I don't", ["don't"], id="one in the rule"),
        pytest.param("body (original): crypto", "cry\u200bpto", None, id="as written"),
        pytest.param('body (original, includes): "\\u200b"', "cry\u200bpto", ["\u200b"], id="the invisible itself"),
        pytest.param("body (original, regex): 'x'", "\ud800 x", ["x"], id="half a character before it"),
        pytest.param("body: [x]\n      body#2: [z]", "x z", ["x", "z"], id="two conditions on one field"),
        pytest.param("body: [x]\n      body#2: [z]", "x s", None, id="one of two conditions"),
        pytest.param("~body: [x]", "y", [], id="negated"),
        pytest.param("~body: [x]", "x", None, id="negated and there"),
        pytest.param("~body (regex): ['x+']", "xx", None, id="a negated pattern"),
    ],
)  # fmt: skip
def test_what_is_found_in_the_body(when, text, expected):
    assert pointed_at(when, text) == expected


@pytest.mark.parametrize(
    ("when", "fields", "fires"),
    [
        ("author: {name: bot}", {"author": Author("u", "A Bot")}, True),
        ("author.name: bot", {"author": Author("u", "A Bot")}, True),
        ("author: [bot, human]", {"author": Author("u", "A Bot")}, True),
        ("author (regex): 'b[o0]t'", {"author": Author("u", "B0t")}, True),
        ("author: {name (regex): 'b[o0]t', is_trusted: true}", {"author": Author("u", "b0t")}, False),
        ("author: {~name: bot}", {"author": Author("u", "Dana")}, True),
        ("author: {~name: bot}", {"author": Author("u")}, False),
        ("~author: bot", {}, False),
        ("author: {name: bot}", {}, False),
        ("thread (starts-with): news/", {"thread": "news/1"}, True),
        ("thread: news", {}, False),
        ("~thread: news", {}, False),
        ("body+author.name: bot", {"author": Author("u", "bot")}, True),
        ("body+author.name: text", {}, True),
        ("~body+author.name: bot", {}, False),
        ("~body+author.name: bot", {"author": Author("u", "Dana")}, True),
    ],
)
def test_other_fields_and_what_is_unknown(when, fields, fires):
    found = reason(when, "text", **fields)
    assert (found is not None) is fires
    assert found is None or "text" in when or found.spans == ()


def test_evidence_quotes_what_was_found_by_key():
    found = reason("body#a (regex): '\\d+'\n      ~body#b: x", "1 22 333 1 4 5 6 " + "7" * 100)
    assert found.evidence == {"body#a (regex)": ["1", "22", "333", "4", "5"], "~body#b": []}
    assert found.spans[0] == Span(0, 1)


def test_a_text_over_the_bound_is_not_read():
    long = "spam " * 1000
    assert reason("body: spam", long, length(5000, 5000)).rule == "length.too_long"
    assert len(rule("body: spam").weigh(Comment(long), length(5000, 5000), now=NOW).reasons) == 1
    assert rule("~body: spam").weigh(Comment(long), {}, now=NOW).reasons == ()


def test_only_the_first_places_are_kept():
    assert len(reason("body: a", "a " * 500).spans) == 20
    assert len(reason("body (regex): a", "a " * 500).spans) == 20


def test_a_pattern_within_words_everywhere_ends():
    assert reason("body (regex): 'a'", "baab" * 1000) is None
