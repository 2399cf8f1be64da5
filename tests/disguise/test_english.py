"""Which English words are known, and how the list of them is made."""

import re

import pytest

from moderation.disguise.english import (
    cut_into_words,
    heated_words,
    likeliest,
    swapped_neighbours,
    word_costs,
)
from tools.text.english import english


def test_frequent_words_cost_less():
    assert word_costs()["the"] < word_costs()["people"] < word_costs()["sophomore"]
    assert all(re.fullmatch("[a-z]+", word) for word in word_costs())


def test_heated_words_are_known():
    assert {"idiot", "stupid", "moron"} <= heated_words() < word_costs().keys()
    assert not {"people", "gay", "muslim", "black", "woman"} & heated_words()


def test_inner_letters_change_places():
    assert set(swapped_neighbours("idiot")) == {"iidot", "idoit"}
    assert not [*swapped_neighbours("yes"), *swapped_neighbours("book")]


def test_the_likeliest_reading_is_the_most_frequent_known_one():
    assert likeliest(["Hte", "Thier", "Their", "Sophomore"]) == "Their"
    assert likeliest(["sophomore"], limit=5.0) is None
    assert likeliest([]) is None


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("youareanidiot", ["you", "are", "an", "idiot"]),
        ("Aidiot", ["A", "idiot"]),
        ("idiot", ["idiot"]),
        ("qwrtzpsdf", ["qwrtzpsdf"]),
    ],
)
def test_a_run_is_cut_into_known_words_or_stays(run, words):
    assert cut_into_words(run, limit=2.4) == words


def test_the_list_is_made_of_a_vocabulary_and_of_comments():
    rows = (
        [("Anna wrote a revertt to the sandbox", 0.0)] * 30 + [("you moron", 1.0)] * 40 + [("snadbox", 0.0)]
    )
    comments = [{"text": text, "source": "jigsaw2018", "toxicity": label} for text, label in rows]
    lines = english(comments, ["the", "##s", "a", "zoo", "treaty", "to", "aaah"])
    assert lines == ["moron!", "the", "a", "to", "revertt", "sandbox", "wrote", "treaty"]
