"""Long texts are cut into windows, and nothing of them is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from moderation.scoring.windows import WindowCutter
from tests.support.checkpoint import KINDS, LETTERS, write_tokenizer

SIZE = 16


class Tokenizers(dict[str, Tokenizer]):
    """Tokenisers by kind; hundreds of lines each, so not in messages."""

    __repr__ = object.__repr__


@pytest.fixture(scope="module")
def tokenizers(tmp_path_factory):
    return Tokenizers({kind: write_tokenizer(tmp_path_factory.mktemp(kind), kind) for kind in KINDS})


def windows_of(tokenizer, text, size=SIZE):
    return list(WindowCutter(tokenizer, size).cut(text))


def places(tokenizer, text):
    """Where each window begins and ends in a text that is longer than one."""
    return list(WindowCutter(tokenizer, SIZE)._edges(text, tokenizer.encode(text)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_that_fits_is_one_window(tokenizers, kind):
    tokenizer = tokenizers[kind]
    (window,) = windows_of(tokenizer, "you are kind")
    assert (window.text, list(window.ids)) == ("you are kind", tokenizer.encode("you are kind").ids)


@pytest.mark.parametrize("length", [SIZE - 3, SIZE - 2, SIZE - 1])
def test_the_window_counts_special_tokens(tokenizers, length):
    windows = windows_of(tokenizers["bert"], " ".join(["you"] * length))
    assert len(windows) == (1 if length <= SIZE - 2 else 2)


def test_windows_overlap_by_a_quarter(tokenizers):
    text = " ".join(str(number % 10) for number in range(100))
    ends = places(tokenizers["bert"], text)
    assert all(before[1] - after[0] >= 5 for before, after in pairwise(ends))


def test_cuts_lie_between_words(tokenizers):
    text = " ".join(["abcd", "efg", "hijkl"] * 10)
    words = {word for window in windows_of(tokenizers["bert"], text) for word in window.text.split()}
    assert words == {"abcd", "efg", "hijkl"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_longer_than_the_window_is_cut(tokenizers, kind):
    text = "ab" * 40
    windows = windows_of(tokenizers[kind], text)
    assert len(windows) > 5
    assert all(len(window.ids) <= SIZE for window in windows)


@pytest.mark.parametrize("text", ["\ud83d", "you \udc00 are"])
def test_lone_surrogates_are_tokenised_as_replacement_characters(tokenizers, text):
    (window,) = windows_of(tokenizers["bert"], text)
    assert "\ufffd" in window.text


def test_a_window_keeps_its_text_to_itself(tokenizers):
    (window,) = windows_of(tokenizers["bert"], "you are an idiot")
    assert "idiot" not in repr(window)


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text(alphabet=LETTERS + "   \n漢é한👍\u0301", max_size=300))
def test_every_token_is_in_a_window_and_every_window_fits(tokenizers, kind, text):
    tokenizer = tokenizers[kind]
    windows = windows_of(tokenizer, text)
    assert all(len(window.ids) <= SIZE for window in windows)
    if len(windows) > 1:
        ends = places(tokenizer, text)
        assert [window.text for window in windows] == [text[begin:end] for begin, end in ends]
        covered = {n for begin, end in ends for n in range(begin, end)}
        assert all(set(range(*token)) <= covered for token in tokenizer.encode(text).offsets)
