"""What is known about a comment when its rules are weighed."""

from collections.abc import Mapping
from datetime import datetime

from moderation.domain import CheckResult, Comment, Outcome, Signal, SignalName
from moderation.text import NormalisedText, normalise


class Facts:
    """The findings of the checks that answered, by kind; the others' count for nothing.

    Attributes:
        comment: what the author wrote.
        results: how every check ended.
        now: when it was written, aware.
        answered: names of the checks whose outcome is `ok`.
        scores: score of each attribute, 0–1.
    """

    __slots__ = ("_signals", "_text", "answered", "comment", "now", "results", "scores")

    def __init__(
        self,
        comment: Comment,
        results: Mapping[str, CheckResult],
        *,
        now: datetime,
        text: NormalisedText | None = None,
    ) -> None:
        self.comment = comment
        self.results = results
        self.now = now
        self._text = text
        self.answered: set[str] = set()
        self._signals: dict[SignalName, list[Signal]] = {}
        for check, result in results.items():
            if result.outcome is Outcome.OK:
                self.answered.add(check)
                for signal in result.signals:
                    self._signals.setdefault(signal.name, []).append(signal)
        self.scores = {signal.key: float(signal.value) for signal in self.all(SignalName.SCORE)}

    def all(self, name: SignalName) -> list[Signal]:
        """Every finding of a kind, in the order found."""
        return self._signals.get(name, [])

    def number(self, name: SignalName, key: str = "") -> float | None:
        """Value of the first finding of a kind and key; `None` if there is none."""
        return next((float(s.value) for s in self.all(name) if s.key == key), None)

    @property
    def text(self) -> NormalisedText:
        """What the comment reads as; normalised on first use."""
        if self._text is None:
            self._text = normalise(self.comment.text)
        return self._text

    @property
    def language(self) -> str | None:
        """Code of the comment's language, or `und`; `None` if the check had no answer."""
        found = self.all(SignalName.LANGUAGE)
        return str(found[0].value) if found else None
