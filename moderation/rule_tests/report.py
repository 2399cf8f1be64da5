"""What came of testing a ruleset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from moderation.domain import Action, Reason


@dataclass(frozen=True, slots=True)
class Failure:
    """An example or a case that did not go as its author expected.

    Attributes:
        file: where it is written.
        line: from 1.
        rule: the rule whose example it is; empty for a case.
        text: the comment, as the admin wrote it there.
        expected: what should have happened, in words.
        happened: what did, in words.
        action: what is done with the comment.
        reasons: every rule that fired, strongest first, those in the shadow last.
    """

    file: str
    line: int
    rule: str
    text: str
    expected: str
    happened: str
    action: Action
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "file": self.file,
            "line": self.line,
            "rule": self.rule,
            "text": self.text,
            "expected": self.expected,
            "happened": self.happened,
            "action": self.action.value,
            "fired": [
                {"rule": reason.rule, "action": reason.action.value, "evidence": dict(reason.evidence)}
                for reason in self.reasons
            ],
        }


@dataclass(frozen=True, slots=True)
class TestReport:
    """How a ruleset did.

    Attributes:
        ran: how many examples and cases were tried.
        failures: those that went otherwise than expected, in the order of the files.
        untested: rules in use that have no example, in the order of the ruleset.
    """

    __test__: ClassVar[bool] = False  # pytest takes every class of this name for a test

    ran: int
    failures: tuple[Failure, ...]
    untested: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all went as expected."""
        return not self.failures

    def and_(self, other: "TestReport") -> "TestReport":
        """Return both reports in one."""
        failures: Sequence[Failure] = (*self.failures, *other.failures)
        return TestReport(self.ran + other.ran, tuple(failures), (*self.untested, *other.untested))

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "ran": self.ran,
            "passed": self.passed,
            "failures": [failure.to_dict() for failure in self.failures],
            "untested": list(self.untested),
        }
