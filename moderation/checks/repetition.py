"""Whether the same was said before."""

from datetime import timedelta
from typing import ClassVar

from moderation.checks.base import Check, Subject
from moderation.domain import CheckResult, Outcome, Signal, SignalName
from moderation.text import grapheme_length, same_text_key


class RepetitionCheck(Check):
    """Counts earlier comments with the same text, by the same author and in the same thread.

    Texts are the same if they differ only in case and disguise (`same_text_key`).

    Args:
        window: how far back earlier comments count; zero turns the check off.
        min_length: graphemes after normalisation under which a text is not counted: everybody says "lol".
    """

    name: ClassVar[str] = "repetition"

    def __init__(self, window: timedelta, min_length: int) -> None:
        self._window = window
        self._min_length = min_length

    def examine(self, subject: Subject) -> CheckResult:
        """Answer REPEATED for each count above zero; skipped where there is no history to ask."""
        if subject.history is None or self._window <= timedelta():
            return CheckResult(Outcome.SKIPPED)
        if grapheme_length(subject.text.text) < self._min_length:
            return CheckResult(Outcome.OK)
        repeats = subject.history.repeats(
            subject.comment,
            same_text_key(subject.text),
            since=subject.now - self._window,
            until=subject.now,
        )
        counts = {"author": repeats.author, "thread": repeats.thread}
        return CheckResult(
            Outcome.OK,
            tuple(
                Signal(SignalName.REPEATED, float(count), key=key) for key, count in counts.items() if count
            ),
        )
