"""What a check is, and what it gets to see."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import ClassVar, Protocol

from moderation.domain import CheckResult, Comment, Outcome, Repeats, SignalName, signals_named
from moderation.errors import ModerationError
from moderation.text import NormalisedText, normalise, same_text_key


class History(Protocol):
    """What was said before. `Moderator` answers from the database, a replay from the record."""

    def repeats(
        self, comment: Comment, text_key: str, *, since: Sequence[datetime], until: datetime
    ) -> list[Repeats]:
        """Count comments of the same site and text key after each `since`, up to and including `until`."""
        ...

    def reading(self) -> AbstractContextManager[object]:
        """Keep open what the answers are read from, while it is asked about several comments."""
        return nullcontext()


@dataclass(slots=True)
class _Reading:
    """A comment's text as it is read, once it was: what all its subjects share."""

    text: NormalisedText | None = None
    text_key: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A comment under examination: read-only for checks.

    Attributes:
        comment: what the author wrote.
        now: when it was written, aware; no check reads the clock.
        history: what was said before; `None` where nothing is stored.
        results: what the checks before this one found, by check name.
    """

    comment: Comment
    now: datetime
    history: History | None = None
    results: Mapping[str, CheckResult] = field(default_factory=dict)
    _reading: _Reading = field(default_factory=_Reading, repr=False, compare=False)

    @property
    def text(self) -> NormalisedText:
        """The normalised text, with a map back to what was written.

        Normalised on first use: a comment over the bound in bytes never is.
        """
        if self._reading.text is None:
            self._reading.text = normalise(self.comment.text)
        return self._reading.text

    @property
    def text_key(self) -> str:
        """What the same text said again is known by; worked out once, as `text` is."""
        if self._reading.text_key is None:
            self._reading.text_key = same_text_key(self.text)
        return self._reading.text_key

    @property
    def normalised(self) -> NormalisedText | None:
        """The normalised text if a check asked for it already."""
        return self._reading.text

    @property
    def language(self) -> str | None:
        """Code of the language found before; `None` where the language check had no answer."""
        found = signals_named(self.results, SignalName.LANGUAGE)
        return str(found[0].value) if found else None

    @property
    def language_confidence(self) -> float:
        """How sure the language check was, 0-1; 0 where it had no answer."""
        found = signals_named(self.results, SignalName.LANGUAGE)
        return (found[0].confidence or 0.0) if found else 0.0

    def after(self, name: str, result: CheckResult) -> "Subject":
        """Return the subject as the next check sees it."""
        results = {**self.results, name: result}
        return Subject(self.comment, self.now, self.history, results, self._reading)


class Check(ABC):
    """One step that looks at a comment and says what it found; what that means, the rules say.

    Subclasses implement `examine`; one that is faster on many comments at once overrides `examine_many`.
    """

    name: ClassVar[str]

    @abstractmethod
    def examine(self, subject: Subject) -> CheckResult:
        """Look at one comment. An exception is a `failed` outcome, never a lost comment."""

    def examine_many(self, subjects: Sequence[Subject]) -> list[CheckResult]:
        """Look at several comments: one result each, in order; never raises."""
        return [self.guarded(subject) for subject in subjects]

    def guarded(self, subject: Subject) -> CheckResult:
        """`examine`, timed, with an exception turned into a `failed` outcome."""
        started = perf_counter()
        try:
            result = self.examine(subject)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the comment is decided by on_failure
            result = CheckResult(Outcome.FAILED, error=error_name(error))
        return CheckResult(result.outcome, result.signals, (perf_counter() - started) * 1000, result.error)


def error_name(error: Exception) -> str:
    """Name an error for a stored result: its code or class, never its message, which may hold text."""
    return error.code if isinstance(error, ModerationError) else type(error).__name__
