"""Entries of word lists in a comment, as signals."""

from datetime import UTC, datetime

from moderation.checks.base import Subject
from moderation.checks.word_lists import WordListsCheck
from moderation.disguise import Entry, WordMatcher
from moderation.domain import CheckResult, Comment, Outcome, Signal, SignalName, Span

LISTS = {"slurs": (Entry("fuck", 1), Entry("idiot", 2)), "local": (Entry("바보", 1, open_end=True),)}


def examine(lists, text):
    subject = Subject(Comment(text), datetime(2026, 11, 23, tzinfo=UTC))
    return WordListsCheck(WordMatcher(lists)).examine(subject)


def test_each_match_is_a_signal_with_the_authors_own_text_as_its_span():
    assert examine(LISTS, "x ｆ.ｕ.ｃ.ｋ y  바보야") == CheckResult(
        Outcome.OK,
        (
            Signal(SignalName.WORD, "fuck", key="slurs", spans=(Span(2, 9),)),
            Signal(SignalName.WORD, "바보", key="local", spans=(Span(13, 15),)),
        ),
    )


def test_the_same_entry_twice_is_two_signals():
    assert [signal.spans for signal in examine(LISTS, "idiot, 1diot").signals] == [
        (Span(0, 5),),
        (Span(7, 12),),
    ]


def test_a_clean_comment_has_no_signals():
    assert examine(LISTS, "a classic from Scunthorpe") == CheckResult(Outcome.OK)


def test_without_lists_the_check_is_skipped():
    assert examine({}, "fuck") == CheckResult(Outcome.SKIPPED)
