"""From comments to decisions: runs the checks in order, then asks the ruleset. Stores nothing."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from moderation.checks import Check, History, LengthCheck, Subject, build_checks
from moderation.checks.failing import FAILURE_LOG
from moderation.checks.language import LanguageCheck
from moderation.checks.toxicity import ToxicityCheck
from moderation.domain import (
    UNDETERMINED,
    CheckResult,
    Comment,
    Decision,
    Language,
    Outcome,
    Signal,
    SignalName,
    signals_named,
)
from moderation.language import LangdetectDetector, LanguageDetector
from moderation.logs import Fields, room_logger
from moderation.provenance import provenance_of
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer, open_scorer
from moderation.text import normalise, written_text_key

log = room_logger(__name__)

_SKIPPED = CheckResult(Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, what the same text said again is known by, and when the comment was written."""

    decision: Decision
    text_key: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Scored:
    """What a text scores.

    Attributes:
        language: as it was named, with confidence 1, or as it was detected: what the model scored it by.
        detected: ISO 639-1 code of the language that it looks like, whatever was named; `und` if nobody can tell.
        result: how the toxicity check ended, with a SCORE for each attribute if it is `ok`.
    """

    language: Language
    detected: str
    result: CheckResult

    @property
    def scores(self) -> dict[str, float]:
        """Score of each attribute, 0-1; empty where the check has no answer."""
        found = signals_named({ToxicityCheck.name: self.result}, SignalName.SCORE)
        return {signal.key: float(signal.value) for signal in found}


class Pipeline:
    """A ruleset with the checks it needs, loaded and ready. Safe to share between threads.

    Args:
        ruleset: what decides.
        detector: tells the language; `None` where the ruleset switches that off.
        scorer: scores toxicity; `None` where the ruleset switches that off.
    """

    def __init__(
        self, ruleset: Ruleset, *, detector: LanguageDetector | None, scorer: ToxicityScorer | None
    ) -> None:
        self.ruleset = ruleset
        self.checks = build_checks(ruleset, detector=detector, scorer=scorer)
        self._scoring = _for_scores(ruleset, detector, scorer)
        self.provenance = provenance_of(ruleset, detector, scorer)
        self.detector, self.scorer = detector, scorer

    @classmethod
    def open(
        cls,
        ruleset: Ruleset,
        *,
        detector: LanguageDetector | None = None,
        scorer: ToxicityScorer | None = None,
    ) -> Self:
        """Load what the ruleset names, but for what is given.

        Raises:
            ModelError: the model is unknown, not on this machine, or damaged.
            MissingExtraError: the model's engine is not installed.
        """
        language, toxicity = ruleset.config.language, ruleset.config.toxicity
        if language and detector is None:
            detector = LangdetectDetector(language.expected, language.min_letters, language.min_confidence)
        if toxicity and scorer is None:
            scorer = open_scorer(toxicity.model, engine=toxicity.engine, base_dir=ruleset.folder)
        return cls(ruleset, detector=detector, scorer=scorer)

    def decide(
        self,
        comments: Sequence[Comment],
        *,
        history: History | None = None,
        given: Sequence[Mapping[str, CheckResult]] = (),
        muted: Collection[str] = (),
        without: Collection[str] = (),
    ) -> list[Decision]:
        """Decide comments, in order; each sees those before it as part of `history`.

        Args:
            comments: what to decide.
            history: what was said before.
            given: for each comment, results by the name of a check that then does not run; empty, or one each.
            muted: names of rules under the brake: they hold what they would reject.
            without: names of rules that are left out.
        """
        subjects = self.examine(comments, history=history, given=given)
        return [self._decision(subject, muted, without) for subject in subjects]

    def decide_to_store(self, comments: Sequence[Comment], *, history: History) -> list[Decided]:
        """Decide comments, in order, and tell what is stored beside the decisions: see `decide`."""
        return [
            Decided(self._decision(subject, (), ()), self._text_key(subject), subject.now)
            for subject in self.examine(comments, history=history)
        ]

    def score(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Scored]:
        """Score texts as `decide` does, and decide nothing: only language and toxicity are looked at.

        A long text has more time than a comment that is decided: there is no `on_failure` to fall back on.

        Args:
            texts: as written.
            languages: ISO 639-1 code of each that is known; `None`: it is detected.
        """
        now = datetime.now(UTC)
        subjects = [
            Subject(Comment(text), now, None, _named(language) if language else {})
            for text, language in zip(texts, languages, strict=True)
        ]
        for check in self._scoring:
            subjects = self._run(check, subjects)
        return [
            Scored(
                Language(subject.language or UNDETERMINED, subject.language_confidence),
                self._detected(subject, named),
                subject.results.get(ToxicityCheck.name, _SKIPPED),
            )
            for subject, named in zip(subjects, languages, strict=True)
        ]

    def detect(self, text: str) -> str:
        """Tell the language of a text as written: ISO 639-1 code, `und` if nobody can tell."""
        return self.detector.detect(normalise(text).text).code if self.detector else UNDETERMINED

    def examine(
        self,
        comments: Sequence[Comment],
        *,
        history: History | None = None,
        given: Sequence[Mapping[str, CheckResult]] = (),
    ) -> list[Subject]:
        """Run the checks, without asking the ruleset: the comments, in order, with what was found; see `decide`."""
        now = datetime.now(UTC)
        subjects = [
            Subject(comment, written_at(comment, now), history, known)
            for comment, known in zip(comments, given or [{}] * len(comments), strict=True)
        ]
        for check in self.checks:
            subjects = self._run(check, subjects)
        return subjects

    def close(self) -> None:
        """Give back the model's memory."""
        if self.scorer:
            self.scorer.close()

    def _run(self, check: Check, subjects: Sequence[Subject]) -> list[Subject]:
        known = [self._known(check, subject) for subject in subjects]
        going = [subject for subject, result in zip(subjects, known, strict=True) if result is None]
        found = check.examine_many(going)
        FAILURE_LOG.note(check.name, zip((subject.comment for subject in going), found, strict=True))
        results = iter(found)
        return [
            subject.after(check.name, result or next(results))
            for subject, result in zip(subjects, known, strict=True)
        ]

    def _known(self, check: Check, subject: Subject) -> CheckResult | None:
        """Return the result of a check that need not run."""
        return subject.results.get(check.name) or (_SKIPPED if self._stopped(subject) else None)

    def _stopped(self, subject: Subject) -> bool:
        """Whether there is nothing to look at, or more than anything should look at."""
        length = subject.results.get(LengthCheck.name)
        empty = length is not None and any(signal.name is SignalName.EMPTY for signal in length.signals)
        return empty or self._endless(subject)

    def _endless(self, subject: Subject) -> bool:
        """Whether it is more than anything should look at."""
        length = subject.results.get(LengthCheck.name)
        limit = self.ruleset.config.length.max_bytes
        return length is not None and any(
            signal.name is SignalName.BYTES and float(signal.value) > limit for signal in length.signals
        )

    def _detected(self, subject: Subject, named: str | None) -> str:
        """Tell the language of a subject: the check did, unless somebody named it."""
        if named and self.detector:
            return self.detector.detect(subject.text.text).code
        return UNDETERMINED if named else subject.language or UNDETERMINED

    def _text_key(self, subject: Subject) -> str:
        return written_text_key(subject.comment.text) if self._endless(subject) else subject.text_key

    def _decision(self, subject: Subject, muted: Collection[str], without: Collection[str]) -> Decision:
        weighed = self.ruleset.weigh(
            subject.comment,
            subject.results,
            now=subject.now,
            text=subject.normalised,
            muted=muted,
            without=without,
        )
        decision = Decision(
            weighed.action, weighed.reasons, subject.results, self.provenance, shadow=weighed.shadow
        )
        if log.isEnabledFor(logging.DEBUG):
            _log_decided(subject.comment, decision)
        return decision


def _for_scores(
    ruleset: Ruleset, detector: LanguageDetector | None, scorer: ToxicityScorer | None
) -> Sequence[Check]:
    toxicity = ruleset.config.toxicity
    checks = (
        detector and LanguageCheck(detector),
        toxicity and scorer and ToxicityCheck(scorer, toxicity.timeout_ms, patient=True),
    )
    return [check for check in checks if check]


def _named(language: str) -> dict[str, CheckResult]:
    """Return what the language check would say, had it found what the caller knows."""
    found = Signal(SignalName.LANGUAGE, language, confidence=1.0)
    return {LanguageCheck.name: CheckResult(Outcome.OK, (found,))}


def written_at(comment: Comment, now: datetime | None = None) -> datetime:
    """Tell when a comment was written: `now`, or else the present, where nobody said. Nothing else dates comments."""
    return comment.created_at or now or datetime.now(UTC)


def _log_decided(comment: Comment, decision: Decision) -> None:
    fields = Fields(
        site=comment.site,
        external_id=comment.external_id,
        action=decision.action.value,
        rules=[reason.rule for reason in decision.reasons],
        ms=sum(result.ms for result in decision.checks.values()),
        ruleset=decision.provenance.ruleset,
    )
    log.debug(
        "comment %.200r of site %.200r: %s (%s), after %.0f ms",
        comment.external_id,
        comment.site,
        fields["action"],
        ", ".join(fields["rules"]) or "no rule fired",
        fields["ms"],
        extra=fields,
    )
