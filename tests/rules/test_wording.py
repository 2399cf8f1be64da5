"""What ruamel.yaml and RE2 say, in the releases that pyproject.toml allows: our explanations are told by their words.

Neither gives its errors a code. A test here that fails after an update names the explanation that no longer comes;
until it is mended, the mistake is shown at its place in the library's own words.
"""

import pytest
import re2
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from moderation.rules.conditions import patterns, refusals
from moderation.rules.conditions.refusals import explain_refusal
from moderation.rules.reading import syntax
from moderation.rules.reading.source import SourceText, Unusable

SYNTAX = {
    "cannot start any token": "a: @b\n",
    "expected a comment or a line break": "links: > 2 or 3\n",
    "expected chomping or indentation": "links: >= 2\n",
    "mapping values are not allowed": "a: b: c\n",
    "expected <block end>": "a: [b] c\n",
    "expected '<document start>'": "{a: 1}\nb: 2\n",
    "expected ',' or": "a: [b, c\n",
    "unexpected end of stream": "a: 'b\n",
    "could not find expected ':'": "a: 1\nb\nc: 2\n",
    "unknown escape character": 'a: "\\d"\n',
    "undefined alias": "a: *b\n",
    "expected alphabetic or numeric": "a: & b\n",
    "expected the node content": "a: [,]\n",
    "found another document": "a: 1\n---\nb: 2\n",
    "more indented follow up line": "a: |\n \n  b\n",
    "sequence entries are not allowed": "a: - b\n",
}
"""A file in which each of ruamel's sentences is the one that is said."""

REFUSED = {
    "missing )": "a(",
    "unexpected )": "a)",
    "missing ]": "[a",
    "no argument for repetition operator": "*a",
    "bad repetition operator": "a**",
    "invalid repetition size": "a{1001}",
    "invalid escape sequence": "\\y",
    "trailing \\": "a\\",
    "invalid character class range": "[z-a]",
    "invalid perl operator": "(?y)",
    "pattern too large - compile failed": r"(\pL\pN\pS\pP[^a]){900}",
}
"""A pattern that RE2 refuses in each of its sentences."""


def test_every_explanation_of_syntax_is_tried_here():
    assert {words for words, _ in syntax._EXPLANATIONS} == set(SYNTAX)


@pytest.mark.parametrize(("words", "text"), SYNTAX.items(), ids=SYNTAX)
def test_ruamel_says_what_our_explanation_is_told_by(words, text):
    with pytest.raises(MarkedYAMLError) as caught:
        YAML(typ="safe", pure=True).compose(text)
    said = str(caught.value.problem or caught.value.context)
    assert next(known for known, _ in syntax._EXPLANATIONS if known in said) == words


@pytest.mark.parametrize("text", SYNTAX.values(), ids=SYNTAX)
def test_a_sentence_that_nobody_knows_is_shown_as_it_is_with_its_place(text, monkeypatch):
    monkeypatch.setattr(syntax, "_EXPLANATIONS", ())
    with pytest.raises(Unusable) as caught:
        SourceText("rules.yaml", text).tree()
    problem = caught.value.problem
    assert problem.message.startswith("this is not valid YAML: ")
    assert 1 <= problem.line <= text.count("\n") + 1


def test_every_sentence_of_re2_that_is_explained_is_tried_here():
    assert set(refusals._SENTENCES) == set(REFUSED)


@pytest.mark.parametrize(("sentence", "text"), REFUSED.items(), ids=REFUSED)
def test_re2_says_what_our_explanation_is_told_by(sentence, text):
    assert said_about(text).partition(": ")[0] == sentence


NOT_IN_RE2 = [
    "(?=a)",
    "(?!a)",
    "(?<=a)",
    "(?<!a)",
    "(?<a-b>c)",
    "(?>a)",
    "a++",
    "a*+",
    "(?(1)a)",
    "(?#a)",
    "(?x)a",
]
NOT_IN_RE2 += [
    "(?P<a-b>c)",
    "(?P=a)",
    "\\p{Foo}",
    "\\P{Foo}",
    "[[:foo:]]",
    "a\\Z",
    *(f"(a)\\{n}" for n in range(1, 10)),
]


@pytest.mark.parametrize(("start", "text"), [*zip(refusals._NOT_IN_RE2, NOT_IN_RE2, strict=True)])
def test_what_re2_has_not_is_told_by_the_pattern_whatever_it_says(start, text):
    _, _, part = said_about(text).partition(": ")
    assert part.startswith(start)
    fault = explain_refusal(re2.error(f"what no release says: {part}".encode()), text)
    assert (fault.message, fault.part) == (refusals._NOT_IN_RE2[start][0], part)


def test_a_sentence_that_nobody_knows_is_shown_as_re2_says_it():
    fault = explain_refusal(re2.error(b"what no release says: **"), "a**")
    assert (fault.message, fault.part) == ("RE2 can't read this pattern: what no release says: **", "**")
    assert explain_refusal(re2.error("no part is named"), "a").part == ""


def said_about(text):
    with pytest.raises(re2.error) as caught:
        re2.compile(text, patterns.re2_options(cased=True))
    (said,) = caught.value.args
    return said.decode() if isinstance(said, bytes) else said
