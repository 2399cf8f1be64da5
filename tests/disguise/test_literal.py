"""Entries with signs in them are found as they are written, and are no other words without them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.disguise import Entry, WordMatcher, parse_list
from moderation.disguise.literal import is_literal
from moderation.text import normalise
from tests.support.laws import examples

SHIPPED = [
    entry.text
    for language in ("en", "ko")
    for entry in parse_list(
        (Path(__file__).parents[2] / f"moderation/data/words_{language}.txt").read_text(encoding="utf-8")
    ).entries
]


def found(text, *entries):
    matcher = WordMatcher({"list": parse_list("\n".join(entries)).entries})
    return [(match.entry, text[match.start : match.end]) for match in matcher.find(normalise(text))]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("don't vote", "People, DON’T vote!"),
        ("o'brien", "O'Brien은 나가라"),
        ("24/7", "open 24/7."),
        ("bit.ly", "see bit.ly/x"),
        ("dr. evil", "says Dr. Evil,"),
        ("s&m", "S&M, no"),
        ("a:b", "an a:b here"),
        ("x=y", "so x=y"),
        ("spam@example.com", "mail to spam@example.com now"),
        ("192.0.2.1", "from 192.0.2.1"),
        ("c#", "I hate C# and you"),
        ("c#", "C#을 배우다"),
        ("c++", "C++!"),
        ("50%", "only 50% of it"),
        (".net", "use .NET then"),
        ("you:)", "love you:)"),
        ("(ad)", "buy it (ad)"),
        ("🖕", "you🖕"),
        ("👨‍👩‍👧", "a 👨‍👩‍👧 there"),
        ("yes, sir", "Yes, sir."),
        ("*.example.com", "at a.example.com"),
        ("bit.ly*", "bit.lyfoo"),
    ],
)
def test_an_entry_is_found_as_it_is_written(entry, text):
    assert [one for one, _ in found(text, entry)] == [entry.strip("*")]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("c#", "Vitamin C is good"),
        ("c#", "the key of C#7"),
        ("50%", "50 people"),
        ("50%", "a 150% rise"),
        (".net", "the net income of asp.net"),
        ("you:)", "thank you"),
        ("(ad)", "an ad"),
        ("24/7", "24 of 7, and 124/7"),
        ("s&m", "S & M, sm"),
        ("bit.ly", "a bit lyrical, rabbit.ly and bit.lyfoo"),
        ("o'brien", "to brien"),
        ("we'll", "well, he is well"),
        ("he'll no", "hell no"),
    ],
)
def test_without_its_signs_it_is_something_else(entry, text):
    assert found(text, entry) == []


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("self-harm", "self-harm"),
        ("f.u.c.k", "fuck"),
        ("f.u.c.k", "f.u.c.k"),
        ("sh!t", "sh!t"),
        ("a$$", "a$$"),
        ("p@ki", "p@ki"),
    ],
)
def test_joints_and_signs_for_letters_make_no_entry_literal(entry, text):
    assert not is_literal(entry)
    assert found(f"what {text} is", entry) == [(entry, text)]


def test_an_apostrophe_may_be_left_out_where_that_makes_no_everyday_word():
    assert found("You dont!", "don't") == [("don't", "dont")]


@pytest.mark.parametrize("entry", ["іs", "тhe", "ｉｓ", "thе car"])
def test_an_entry_that_would_be_everyday_words_is_refused(entry):
    parsed = parse_list(f"# a list\nspam\n{entry}\n")
    assert [one.text for one in parsed.entries] == ["spam"]
    (problem,) = parsed.problems
    assert (problem.line, problem.column, problem.length) == (3, 1, len(entry))
    assert "everyday word" in problem.message


def test_a_disguised_word_and_words_of_other_languages_are_taken():
    parsed = parse_list("fuсk\nсука\nсор\nschön\n바보\n")
    assert not parsed.problems
    assert found("the cop is schön", *(one.text for one in parsed.entries)) == [("schön", "schön")]


@pytest.mark.parametrize("entry", ["!!!", "...", "(*)", "?", "--"])
def test_punctuation_alone_is_no_entry(entry):
    assert parse_list(entry).problems


@pytest.mark.parametrize("entry", SHIPPED)
def test_each_shipped_entry_is_found_in_its_own_text(entry):
    assert (entry, entry) in found(entry, entry)


WORDS = st.text("abdeiknorstuz", min_size=2, max_size=7)
SIGNS = st.sampled_from("'&./:,=@%#;?)(+~^\"")


@examples(200)
@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(SIGNS, min_size=1, max_size=4), st.data())
def test_every_entry_is_found_in_its_own_text(words, signs, data):
    entry = words[0]
    for word, sign in zip(words[1:], signs, strict=False):
        entry += (
            data.draw(st.sampled_from([sign, f"{sign} ", f" {sign}" if sign != "#" else sign, " "])) + word
        )
    entry += data.draw(st.sampled_from(["", signs[0]]))
    parsed = parse_list(entry)
    assert [one.text for one in parsed.entries] == [entry]
    assert entry in [match.entry for match in WordMatcher({"list": [Entry(entry, 1)]}).find(normalise(entry))]
