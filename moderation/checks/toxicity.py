"""How toxic a comment is."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import ClassVar

from typing_extensions import override

from moderation.checks.base import Check, Subject, error_name
from moderation.checks.language import LanguageCheck
from moderation.disguise.english import share_of_english
from moderation.disguise.unmask import ENGLISH, unmask
from moderation.domain import UNDETERMINED, CheckResult, Outcome, Signal, SignalName
from moderation.errors import ScoringError
from moderation.scoring import ToxicityScorer
from moderation.scoring.deadline import Workers
from moderation.text.scripts import dominant_script, script_of

BATCH = 64
"""Comments that share a budget: enough of equal length to be fast, few enough to score again one by one."""

LONG = 2000
"""Characters from which on a comment is scored alone, so that it has no other comment's time."""

_SURE = 0.9  # confidence from which on a language that the model doesn't know is believed
_SOME_ENGLISH = 0.4  # share of English words that speaks against any other language

_SHARE = 1_000  # bytes of UTF-8 that the slowest network reads within a usual budget, even on a busy machine

_DECIMALS = 6  # float32 has no more


class ToxicityCheck(Check):
    """Asks a scorer, within a time budget.

    A comment in a language that the model doesn't know is not scored. One whose language nobody can tell, or is
    likely told wrong, is scored if most of its letters are of a script that the model's languages are written in:
    detectors take short, shouted and misspelt English for anything. A signal then says that the language is doubtful.
    One without letters (`10/10 👍`) is scored too: the alternative would put every thumbs-up into the queue.

    Args:
        scorer: the model.
        timeout_ms: budget for one comment; a batch has that much for each of its comments.
        patient: whether a long text has that much for every `_SHARE` bytes: where no comment waits for it.
    """

    name: ClassVar[str] = "toxicity"

    def __init__(self, scorer: ToxicityScorer, timeout_ms: int, *, patient: bool = False) -> None:
        self._scorer = scorer
        self._timeout_s = timeout_ms / 1000
        self._patient = patient
        self._scripts = {script_of(language) for language in scorer.languages}
        self._workers = Workers()

    @override
    def examine(self, subject: Subject) -> CheckResult:
        """Answer a SCORE for each attribute, and DOUBTFUL if the language is; or why there is none."""
        if not self._covers(subject):
            return CheckResult(Outcome.NOT_COVERED)
        try:
            return self._score([subject])[0]
        except TimeoutError as error:
            return CheckResult(Outcome.TIMED_OUT, error=error_name(error))

    @override
    def examine_many(self, subjects: Sequence[Subject]) -> list[CheckResult]:
        """Score comments of similar length together; each has the scores that it has alone."""
        results = [CheckResult(Outcome.NOT_COVERED)] * len(subjects)
        covered = [number for number, subject in enumerate(subjects) if self._covers(subject)]
        covered.sort(key=lambda number: len(subjects[number].text.text))
        for batch in _batches(covered, subjects):
            for number, result in zip(batch, self._together([subjects[n] for n in batch]), strict=True):
                results[number] = result
        return results

    def _together(self, subjects: Sequence[Subject]) -> list[CheckResult]:
        """Score a batch; if that fails, each comment alone, so that none fails because of another."""
        if len(subjects) == 1:
            return [self.guarded(subjects[0])]
        started = perf_counter()
        try:
            results = self._score(subjects)
        except Exception:  # noqa: BLE001 - told apart one by one
            return [self.guarded(subject) for subject in subjects]
        share = (perf_counter() - started) * 1000 / len(subjects)
        return [replace(result, ms=share) for result in results]

    def _score(self, subjects: Sequence[Subject]) -> list[CheckResult]:
        known = [
            subject.language if subject.language in self._scorer.languages else None for subject in subjects
        ]
        texts = [
            unmask(subject.text.text, language) for subject, language in zip(subjects, known, strict=True)
        ]
        shares = sum(map(_shares, texts)) if self._patient else len(texts)
        budget = self._timeout_s * shares
        score = partial(self._scorer.score, languages=known)
        answers = self._workers.call(score, texts, timeout_s=budget)
        if len(answers) != len(texts):
            raise ScoringError(f"the scorer answered {len(answers)} texts of {len(texts)}")
        return [
            CheckResult(Outcome.OK, self._signals(answer, subject))
            for answer, subject in zip(answers, subjects, strict=True)
        ]

    def _signals(self, answer: dict[str, float], subject: Subject) -> tuple[Signal, ...]:
        if set(answer) != set(self._scorer.attributes):
            raise ScoringError("the scorer answered other attributes than it has")
        if not all(math.isfinite(value) and 0 <= value <= 1 for value in answer.values()):
            raise ScoringError("the scorer answered something that is no score between 0 and 1")
        scores = tuple(
            Signal(SignalName.SCORE, round(answer[attribute], _DECIMALS), key=attribute)
            for attribute in self._scorer.attributes
        )
        return (*scores, *self._doubts(subject))

    def _doubts(self, subject: Subject) -> Iterator[Signal]:
        """Yield that the language is doubtful, where one was looked for, and the model does not know what was found."""
        found = subject.language
        if found is not None and found not in self._scorer.languages and dominant_script(subject.text.text):
            yield Signal(SignalName.DOUBTFUL, found, key=LanguageCheck.name)

    def _covers(self, subject: Subject) -> bool:
        if subject.language in self._scorer.languages:
            return True
        dominant = dominant_script(subject.text.text)
        readable = dominant is None or dominant.script in self._scripts
        return readable and (subject.language in {None, UNDETERMINED} or self._may_be_known(subject))

    def _may_be_known(self, subject: Subject) -> bool:
        """Tell whether the language that was found may well be another, which the model knows."""
        if subject.language_confidence < _SURE:
            return True
        return ENGLISH in self._scorer.languages and share_of_english(subject.text.text) >= _SOME_ENGLISH


def _shares(text: str) -> int:
    return 1 + len(text.encode("utf-8", "replace")) // _SHARE


def _batches(numbers: Sequence[int], subjects: Sequence[Subject]) -> Iterator[Sequence[int]]:
    """Cut a list that is sorted by length into batches; from `LONG` characters on, one comment each."""
    short = sum(len(subjects[number].text.text) < LONG for number in numbers)
    yield from (numbers[begin : min(begin + BATCH, short)] for begin in range(0, short, BATCH))
    yield from ([number] for number in numbers[short:])
