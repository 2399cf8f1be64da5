"""Which entries of the site's word lists stand in a comment, disguised or not."""

from typing import ClassVar

from typing_extensions import override

from moderation.checks.base import Check, Subject
from moderation.disguise import WordMatcher
from moderation.domain import CheckResult, Outcome, Signal, SignalName


class WordListsCheck(Check):
    """Finds the entries of the ruleset's word lists; skipped where there are none."""

    name: ClassVar[str] = "word_lists"

    def __init__(self, matcher: WordMatcher) -> None:
        self._matcher = matcher

    @override
    def examine(self, subject: Subject) -> CheckResult:
        """Answer one WORD for each place where an entry stands: the list, the entry, the author's own text."""
        if not len(self._matcher):
            return CheckResult(Outcome.SKIPPED)
        return CheckResult(
            Outcome.OK,
            tuple(
                Signal(
                    SignalName.WORD,
                    match.entry,
                    key=match.list_name,
                    spans=(subject.text.span(match.start, match.end),),
                )
                for match in self._matcher.find(subject.text)
            ),
        )
