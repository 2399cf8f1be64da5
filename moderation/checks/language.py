"""Which language a comment is in."""

from typing import ClassVar

from typing_extensions import override

from moderation.checks.base import Check, Subject
from moderation.domain import CheckResult, Outcome, Signal, SignalName
from moderation.language import LanguageDetector


class LanguageCheck(Check):
    """Asks a detector; what the rules do with an unexpected language is theirs to say."""

    name: ClassVar[str] = "language"

    def __init__(self, detector: LanguageDetector) -> None:
        self._detector = detector

    @override
    def examine(self, subject: Subject) -> CheckResult:
        """Answer one LANGUAGE: ISO 639-1 code, or `und` where nobody can tell."""
        found = self._detector.detect(subject.text.text)
        return CheckResult(
            Outcome.OK, (Signal(SignalName.LANGUAGE, found.code, confidence=found.confidence),)
        )
