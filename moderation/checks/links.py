"""Where a comment points to."""

from typing import ClassVar

from typing_extensions import override

from moderation.checks.base import Check, Subject
from moderation.domain import CheckResult, Outcome, Signal, SignalName
from moderation.text.links import find_links


class LinksCheck(Check):
    """Finds links, bare domains too, each time they appear: in Markdown, HTML and BBCode as well."""

    name: ClassVar[str] = "links"

    @override
    def examine(self, subject: Subject) -> CheckResult:
        """Answer one LINK a link, with its host and where it stands in the author's text."""
        text = subject.text
        return CheckResult(
            Outcome.OK,
            tuple(
                Signal(SignalName.LINK, link.host, spans=(text.span(link.start, link.end),))
                for link in find_links(text.text)
            ),
        )
