"""Whether the same was said before."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import ClassVar

from typing_extensions import override

from moderation.checks.base import Check, Subject
from moderation.domain import CheckResult, Comment, Outcome, Repeats, Signal, SignalName
from moderation.rules.values.durations import repeat_key
from moderation.text import grapheme_length


class RepetitionCheck(Check):
    """Counts earlier comments with the same text, by the same author and in the same thread.

    Texts are the same if they differ only in case and disguise (`Subject.text_key`).

    Args:
        window: how far back earlier comments count; zero if nothing is counted for the built-in rules.
        min_length: graphemes after normalisation under which a text is not counted: everybody says "lol".
        also: further windows, which rules ask about.
    """

    name: ClassVar[str] = "repetition"

    def __init__(self, window: timedelta, min_length: int, also: Sequence[timedelta] = ()) -> None:
        self._window = window
        self._min_length = min_length
        self._also = also

    @override
    def examine_many(self, subjects: Sequence[Subject]) -> list[CheckResult]:
        """Ask about all of them while the history is open once: that costs less than the questions do."""
        histories = {id(subject.history): subject.history for subject in subjects}
        with ExitStack() as stack:
            for history in histories.values():
                if history is not None:
                    stack.enter_context(history.reading())
            return super().examine_many(subjects)

    @override
    def examine(self, subject: Subject) -> CheckResult:
        """Answer REPEATED for each count above zero, and for each window that rules ask about.

        Skipped where there is no history to ask.
        """
        wanted = self._also or self._window > timedelta()
        if subject.history is None or not wanted:
            return CheckResult(Outcome.SKIPPED)
        if grapheme_length(subject.text.text) < self._min_length:
            return CheckResult(Outcome.OK)
        own = [self._window] if self._window > timedelta() else []
        windows = [*own, *self._also]
        since = [subject.now - window for window in windows]
        found = subject.history.repeats(subject.comment, subject.text_key, since=since, until=subject.now)
        signals = [
            Signal(SignalName.REPEATED, float(count), key=by if number < len(own) else repeat_key(by, window))
            for number, (window, repeats) in enumerate(zip(windows, found, strict=True))
            for by, count in _by_whom(subject.comment, repeats)
            if count or number >= len(own)
        ]
        return CheckResult(Outcome.OK, tuple(signals))


def _by_whom(comment: Comment, repeats: Repeats) -> Iterator[tuple[str, int]]:
    """Name each count; one that is 0 only where it is known whose it is."""
    if repeats.author or (comment.author is not None and comment.author.id):
        yield "author", repeats.author
    if repeats.thread or comment.thread is not None:
        yield "thread", repeats.thread
