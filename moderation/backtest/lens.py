"""What a ruleset's checks would have found in a stored comment, told from the record as far as that goes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from moderation.checks import LengthCheck, Subject, repetition_check
from moderation.checks.repetition import RepetitionCheck
from moderation.checks.word_lists import WordListsCheck
from moderation.disguise import WordMatcher
from moderation.domain import CheckResult, Outcome, SignalName
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset

Results = Mapping[str, CheckResult]

_SKIPPED = CheckResult(Outcome.SKIPPED)
_SIZES = (SignalName.EMPTY, SignalName.BYTES)


class Lacking(StrEnum):
    """What the record of a comment lacks, so that a ruleset can't be weighed on it."""

    SCORES = "scores"  # the ruleset names another model than the one that scored the comment
    LANGUAGE = "language"  # the ruleset tells languages by other settings
    STOPPED = "stopped"  # too long for the ruleset of its time, which looked at nothing else
    RULESET = "ruleset"  # this release can't read the ruleset of its time


class Lens:
    """Sees stored comments as one ruleset's checks would have.

    Of a stored comment, `Subject.results` is the record. Word lists and repetitions are looked up again
    where the ruleset's own differ from those of the comment's time; all else is taken from the record.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        config = ruleset.config
        self._words = WordListsCheck(WordMatcher(ruleset.words))
        self._repetition = repetition_check(ruleset)
        wanted = {
            "repetition": self._repetition,
            "links": True,
            "word_lists": True,
            "language": config.language,
            "toxicity": config.toxicity,
        }
        self._unwanted = {name for name, section in wanted.items() if not section}
        self._after_length = [name for name, section in wanted.items() if section]
        self._differences: dict[str, _Differences] = {}

    def seen(self, subject: Subject, own: Ruleset) -> Results | Lacking:
        """Return how each check would have ended, or what the record lacks to say so.

        Args:
            subject: a stored comment.
            own: the ruleset that it was decided by.

        Raises:
            StoreError: what was said before can't be looked up.
        """
        if own.hash == self.ruleset.hash:
            return subject.results
        size = _size(subject)
        if size > self.ruleset.config.length.max_bytes:  # nothing else is looked at
            length = subject.results[LengthCheck.name]
            return {LengthCheck.name: length, **dict.fromkeys(self._after_length, _SKIPPED)}
        differences = self._compare(own)
        if size > own.config.length.max_bytes:
            return Lacking.STOPPED
        if differences.language:
            return Lacking.LANGUAGE
        if differences.model:
            return Lacking.SCORES
        return dict(self._each(subject, differences)) if differences.results else subject.results

    def examine(self, comments: Sequence[tuple[Subject, Ruleset]], pipeline: Pipeline) -> list[Results]:
        """Run the ruleset's checks on comments again; only repetitions may be told from the record.

        Args:
            comments: stored comments, each with the ruleset that it was decided by.
            pipeline: of this lens's ruleset.
        """
        examined = pipeline.examine([subject.comment for subject, _ in comments])
        return [
            {
                **again.results,
                RepetitionCheck.name: self._repeated(subject, self._repetition, self._compare(own)),
            }
            if self._repetition
            else again.results
            for (subject, own), again in zip(comments, examined, strict=True)
        ]

    def _compare(self, own: Ruleset) -> "_Differences":
        if own.hash not in self._differences:
            self._differences[own.hash] = _Differences.between(own, self.ruleset)
        return self._differences[own.hash]

    def _each(self, subject: Subject, differences: "_Differences") -> Iterator[tuple[str, CheckResult]]:
        for name, result in subject.results.items():
            if name == RepetitionCheck.name or name in self._unwanted:
                continue
            if name == WordListsCheck.name and differences.words:
                yield name, self._words.examine(subject)
            else:
                yield name, result
            if name == LengthCheck.name and self._repetition:
                yield RepetitionCheck.name, self._repeated(subject, self._repetition, differences)

    def _repeated(self, subject: Subject, check: RepetitionCheck, differences: "_Differences") -> CheckResult:
        recorded = subject.results.get(check.name, _SKIPPED)
        if recorded.outcome is not Outcome.SKIPPED:
            nothing = recorded.outcome is Outcome.OK and not recorded.signals
            if not differences.repetition or (nothing and differences.counts_no_more):
                return recorded
        return check.examine(subject)


@dataclass(frozen=True, slots=True)
class _Differences:
    """Where a ruleset's checks differ from those that made a record."""

    results: bool  # anything at all, but for rules and thresholds
    model: bool
    language: bool
    words: bool
    repetition: bool
    counts_no_more: bool  # what was no repetition for the record is none for the ruleset

    @classmethod
    def between(cls, own: Ruleset, other: Ruleset) -> "_Differences":
        was, wanted = own.config, other.config
        earlier, later = was.repetition, wanted.repetition
        more = set(other.repeat_windows) - set(own.repeat_windows)
        repetition = bool(more) or _counting(own) != _counting(other)
        return cls(
            results=own.words != other.words
            or repetition
            or (repetition_check(own) is None) != (repetition_check(other) is None)
            or (was.toxicity is None) != (wanted.toxicity is None),
            model=wanted.toxicity is not None
            and (was.toxicity is None or was.toxicity.model != wanted.toxicity.model),
            language=_detection(own) != _detection(other),
            words=own.words != other.words,
            repetition=repetition,
            counts_no_more=not other.repeat_windows
            and earlier is not None
            and later is not None
            and later.window.time <= earlier.window.time
            and later.min_length >= earlier.min_length,
        )


def _size(subject: Subject) -> float:
    """Size in bytes, which a ruleset has an upper bound for; over every bound if nothing was written."""
    length = subject.results.get(LengthCheck.name)
    sizes = [
        inf if signal.name is SignalName.EMPTY else float(signal.value)
        for signal in (length.signals if length else ())
        if signal.name in _SIZES
    ]
    return max(sizes, default=0.0)


def _detection(ruleset: Ruleset) -> object:
    section = ruleset.config.language
    return section and (section.expected, section.min_letters, section.min_confidence)


def _counting(ruleset: Ruleset) -> object:
    section = ruleset.config.repetition
    return section and (section.window.time, section.min_length)
