"""Whether the same was said before."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typing_extensions import override

from moderation.checks.base import History, Subject
from moderation.checks.repetition import RepetitionCheck
from moderation.domain import Author, Comment, Outcome, Repeats, SignalName
from moderation.text import normalise, same_text_key

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=10)


@dataclass
class Memory(History):
    """A history that answers with what it was given, and remembers what it was asked."""

    answer: Repeats = field(default_factory=Repeats)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    @override
    def repeats(self, comment, text_key, *, since, until):
        self.asked.append((comment, text_key, since, until))
        return [self.answer] * len(since)


def examine(text, history, *, window=WINDOW, min_length=5):
    return RepetitionCheck(window, min_length).guarded(Subject(Comment(text), NOW, history))


@pytest.mark.parametrize(
    ("repeats", "found"),
    [
        (Repeats(), []),
        (Repeats(author=2), [("author", 2)]),
        (Repeats(thread=3), [("thread", 3)]),
        (Repeats(author=1, thread=4), [("author", 1), ("thread", 4)]),
    ],
)
def test_counts_above_zero_are_found(repeats, found):
    result = examine("buy this now", Memory(repeats))
    assert result.outcome is Outcome.OK
    assert {signal.name for signal in result.signals} <= {SignalName.REPEATED}
    assert [(signal.key, signal.value) for signal in result.signals] == found


def test_the_window_ends_with_the_comment():
    memory = Memory()
    examine("buy this now", memory)
    assert memory.asked == [
        (Comment("buy this now"), same_text_key(normalise("buy this now")), [NOW - WINDOW], NOW)
    ]


def test_case_and_disguise_make_no_other_text():
    memory = Memory()
    for text in ("Buy this now", "buy\u200b this  NOW", "ｂｕｙ this now "):
        examine(text, memory)
    assert len({key for _, key, _, _ in memory.asked}) == 1


def test_short_texts_are_not_counted():
    memory = Memory(Repeats(author=9))
    assert examine("lol\u200b\u200b\u200b ", memory).signals == ()
    assert memory.asked == []
    assert examine("lolol", memory).signals != ()


@pytest.mark.parametrize(
    ("history", "window"), [(None, WINDOW), (Memory(), timedelta())], ids=["none", "off"]
)
def test_without_history_or_window_it_is_skipped(history, window):
    assert examine("buy this now", history, window=window).outcome is Outcome.SKIPPED


def test_comments_of_a_batch_are_asked_about_in_order():
    memory = Memory()
    subjects = [Subject(Comment(f"comment {number}"), NOW, memory) for number in range(3)]
    RepetitionCheck(WINDOW, 1).examine_many(subjects)
    assert [comment for comment, *_ in memory.asked] == [subject.comment for subject in subjects]


def test_a_history_that_fails_is_a_failed_outcome():
    result = examine("buy this now", object())
    assert (result.outcome, result.error) == (Outcome.FAILED, "AttributeError")


WRITTEN = Comment("buy this now", author=Author("u"), thread="t")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("about", "window", "found"),
    [
        pytest.param(
            WRITTEN,
            WINDOW,
            {"author": 2, "author@3600": 2, "thread@3600": 0, "author@86400": 2, "thread@86400": 0},
            id="beside the section's window",
        ),
        pytest.param(
            WRITTEN,
            timedelta(),
            {"author@3600": 2, "thread@3600": 0, "author@86400": 2, "thread@86400": 0},
            id="for rules alone",
        ),
    ],
)
def test_windows_that_rules_ask_about_are_counted_and_recorded_even_at_zero(about, window, found):
    memory = Memory(Repeats(author=2))
    check = RepetitionCheck(window, 5, (HOUR, DAY))
    result = check.guarded(Subject(about, NOW, memory))
    assert {signal.key: signal.value for signal in result.signals} == found
    ((_, _, since, _),) = memory.asked  # once for all
    assert since[-2:] == [NOW - HOUR, NOW - DAY]


def test_nothing_is_recorded_by_whom_is_unknown():
    check = RepetitionCheck(timedelta(), 5, (HOUR,))
    result = check.guarded(Subject(Comment("buy this now", author=Author("")), NOW, Memory()))
    assert (result.outcome, result.signals) == (Outcome.OK, ())
