"""How long a comment is."""

from typing import ClassVar

from typing_extensions import override

from moderation.checks.base import Check, Subject
from moderation.domain import CheckResult, Outcome, Signal, SignalName
from moderation.text import grapheme_length, is_blank, trimmed


class LengthCheck(Check):
    """Measures what was written, trimmed: graphemes, bytes of UTF-8, and whether anything is visible.

    It looks at the text as written, so that a comment over the bound in bytes is never normalised.
    """

    name: ClassVar[str] = "length"

    @override
    def examine(self, subject: Subject) -> CheckResult:
        """Answer GRAPHEMES and BYTES, and EMPTY before them where nothing visible was written."""
        text = trimmed(subject.comment.text)
        # A lone surrogate, which no UTF-8 holds, counts three bytes: what it takes in other encodings of it.
        size = len(text.encode("utf-8", "surrogatepass"))
        signals = (
            Signal(SignalName.GRAPHEMES, float(grapheme_length(text))),
            Signal(SignalName.BYTES, float(size)),
        )
        empty = (Signal(SignalName.EMPTY, 1.0),) if is_blank(text) else ()
        return CheckResult(Outcome.OK, empty + signals)
