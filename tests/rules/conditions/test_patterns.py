"""Patterns: what RE2 refuses is explained, and nothing that it takes is slow or large."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic_core import PydanticCustomError

from moderation.errors import RulesError
from moderation.rules import Ruleset
from moderation.rules.conditions.patterns import MAX_FOUND, MAX_PATTERN, Where, compile_pattern
from moderation.rules.conditions.search import Index
from moderation.rules.conditions.sought import Sought, View

BODY = View("body")
LONG = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" * 3000


def fault(text):
    with pytest.raises(PydanticCustomError) as error:
        compile_pattern(text, Where.WORD, cased=False)
    (found,) = (error.value.context or {})["faults"]
    return found


def sought(*texts, where=Where.ANYWHERE):
    return Sought(
        (BODY,),
        where,
        cased=False,
        patterns=tuple(compile_pattern(t, where, cased=False) for t in texts),
        pattern_texts=texts,
    )


@pytest.mark.parametrize(
    ("text", "part", "message"),
    [
        ("x(?=y)", "(?=", "a pattern can't look ahead or behind"),
        (r"(a)\1", r"\1", "a pattern can't refer back to a group"),
        ("(a{1000}){1000}", "{1000}", "this repeats more than 1000 times"),
        ("(((a{1,9}\\pL){1,9}\\pL){1,9}\\pL){1,99}", "{1,99}", "this repeats more than 1000 times"),
        ("[a", "[a", "a `[` is never closed"),
        ("a\ud800", "", "half a character"),
        ("|".join(f"word{n}" for n in range(10_000)), "", "a pattern of 88,889 characters is too long"),
        ("a" * 1_000_000, "", "a pattern of 1,000,000 characters is too long"),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_refused_says_why_and_what_is_meant(text, part, message):
    found = fault(text)
    assert message in found.message
    assert (found.part, bool(found.hint)) == (part, True)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("viagra|casino|", "delete the `|`"),
        ("|viagra", "delete the `|`"),
        ("viagra||casino", "delete the `|`"),
        ("(viagra|)", "delete the `|`"),
        ("(?:|casino)", "delete the `|`"),
        ("", "write `+`"),
        ("a*", "write `+`"),
        (".*", "write `+`"),
        ("(?s).{0,9}", "write `+`"),
        ("(spam)?", "write `+`"),
        ("(a?b*)+", "write `+`"),
        ("^", "write `+`"),
        ("x*$", "write `+`"),
        (r"\b", "write `+`"),
        (r"\B", "write `+`"),
        (r"casino|\b", "write `+`"),
        (r"(?m)^\s*$", "write `+`"),
    ],
)
@pytest.mark.parametrize("where", Where)
def test_a_pattern_that_is_found_where_nothing_stands_is_refused(text, hint, where):
    with pytest.raises(PydanticCustomError) as error:
        compile_pattern(text, where, cased=False)
    (found,) = (error.value.context or {})["faults"]
    assert "where nothing stands" in found.message
    assert found.hint.startswith(hint)


@pytest.mark.parametrize(
    "text",
    ["a+", ".+", r"viagra\|", r"casino\b", "^casino$", "x*y", "[|]", r"\bx?\d", "^.", "(a|b)c*", "[*]"],
)
def test_a_pattern_that_needs_something_to_stand_there_is_taken(text):
    assert compile_pattern(text, Where.ANYWHERE, cased=False).text == text


def test_a_pattern_that_needs_too_much_memory_is_refused():
    assert "too much memory" in fault(r"(\pL\pN\pS\pP[^a]){900}").message


@pytest.mark.parametrize(
    "hostile", ["(a+)+$", "(a|aa)+$", "(.*)(.*)(.*)(.*)x$", r"(\w+\s?)+!$", "a{0,900}a{900}c"]
)
def test_hostile_patterns_on_hostile_texts_end(hostile):
    index = Index([sought(hostile), sought(hostile, where=Where.WORD)])
    assert set(index.search(BODY, LONG)) <= {sought(hostile), sought(hostile, where=Where.WORD)}


def test_a_long_list_of_alternatives_within_the_bound_works():
    words = "|".join(f"w{n}" for n in range(2000))[:MAX_PATTERN].rpartition("|")[0]
    last = words.rpartition("|")[2]
    wanted = sought(words, where=Where.WORD)
    assert Index([wanted]).search(BODY, f"xx {last}") == {wanted: [(3, 3 + len(last))]}


def test_many_patterns_are_looked_for_in_parts_and_all_are_found():
    texts = [f"first{n}(second|{'x' * 400})third{n}" for n in range(300)]
    wanted = [sought(text) for text in texts]
    index = Index(wanted)
    assert list(index.search(BODY, "first7secondthird7 first299secondthird299")) == [wanted[7], wanted[299]]


class GivesUp:
    """What RE2's filter answers when its memory runs out."""

    def Match(self, text, potential):  # noqa: N802 - RE2's name
        return None


def test_patterns_are_found_though_the_filter_gave_up():
    index = Index([sought("abc")])
    for patterns in index._searchers[BODY]._patterns:
        patterns._filter = GivesUp()
    assert list(index.search(BODY, "xabc")) == [sought("abc")]


def test_places_are_bounded():
    assert len(index_of := Index([sought("a")]).search(BODY, "a" * 5000)[sought("a")]) == MAX_FOUND
    assert index_of[1] == (1, 2)


def test_what_is_looked_for_in_one_view_is_not_found_in_another():
    assert Index([sought("a")]).search(View("thread"), "a") == {}


def test_a_ruleset_with_a_pattern_of_a_megabyte_is_refused():
    part = {"a.yaml": "rules: [{name: a, when: {body (regex): '" + "a" * 1_000_000 + "'}, action: hold}]"}
    with pytest.raises(RulesError, match="larger than 256 KiB"):
        Ruleset.parse("version: 1\ninclude: a.yaml\n", files=part)


def test_many_threads_find_what_one_finds():
    index = Index([sought("a+b"), sought("x{3}", where=Where.WORD), sought("(q|w).{0,5}e")])
    texts = [f"aab {'x' * (n % 5)} q{'.' * (n % 8)}e" for n in range(200)]
    alone = [index.search(BODY, text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: index.search(BODY, text), texts)) == alone
