"""Whether the same was said before."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from moderation.checks.base import Check, History, Subject
from moderation.domain import CheckResult, Outcome, Signal, SignalName
from moderation.rules.values import repeat_key
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

    def examine(self, subject: Subject) -> CheckResult:
        """Answer REPEATED for each count above zero, and for each window that rules ask about.

        Skipped where there is no history to ask.
        """
        wanted = self._also or self._window > timedelta()
        if subject.history is None or not wanted:
            return CheckResult(Outcome.SKIPPED)
        if grapheme_length(subject.text.text) < self._min_length:
            return CheckResult(Outcome.OK)
        counts: dict[str, int] = {}
        if self._window > timedelta():
            found = _counted(subject, subject.history, self._window)
            counts |= {key: count for key, count in found.items() if count}
        for window in self._also:
            found = _counted(subject, subject.history, window)
            counts |= {repeat_key(key, window): count for key, count in found.items()}
        signals = [Signal(SignalName.REPEATED, float(count), key=key) for key, count in counts.items()]
        return CheckResult(Outcome.OK, tuple(signals))


def _counted(subject: Subject, history: History, window: timedelta) -> dict[str, int]:
    """Count within a window, by whom that is known."""
    comment = subject.comment
    repeats = history.repeats(comment, subject.text_key, since=subject.now - window, until=subject.now)
    known = {
        "author": comment.author is not None and bool(comment.author.id),
        "thread": comment.thread is not None,
    }
    counts = {"author": repeats.author, "thread": repeats.thread}
    return {key: count for key, count in counts.items() if count or known[key]}
