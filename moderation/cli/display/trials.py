"""What came of testing a ruleset, for people at a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from moderation.cli.common import counted
from moderation.cli.display.evidence import evidence_in_words
from moderation.cli.display.excerpt import ACTION_STYLES
from moderation.domain import Reason
from moderation.rule_tests import Failure, TestReport
from moderation.text.visible import visible

_LABEL = 10  # columns
_MOST_NAMES = 10


def render_test_report(report: TestReport, console: Console) -> None:
    """Print each failure with its place, what was expected, what happened and which rules fired; then the sum."""
    for failure in report.failures:
        for line in _failure(failure):
            console.print(line, soft_wrap=True, highlight=False)
    if report.untested:
        names = ", ".join(report.untested[:_MOST_NAMES])
        more = len(report.untested) - _MOST_NAMES
        names += f" and {more} more" if more > 0 else ""
        console.print(Text(f"without an example: {names}", "dim"), soft_wrap=True, highlight=False)
    failed = f", {len(report.failures)} failed" if report.failures else ", all as expected"
    console.print(f"{counted(report.ran, 'example')}{failed if report.ran else ''}", highlight=False)


def _failure(failure: Failure) -> Iterable[Text]:
    what = f"rule {failure.rule}" if failure.rule else "case"
    yield Text.assemble((f"{visible(failure.file)}:{failure.line}", "bold"), f"  {what}")
    yield _row("text", Text(visible(failure.text)))
    yield _row("expected", Text(failure.expected))
    yield _row("happened", Text(visible(failure.happened)))
    for reason in failure.reasons:
        yield _row("fired", _fired(reason))
    yield Text()


def _row(label: str, value: Text) -> Text:
    return Text.assemble((f"  {label:<{_LABEL}}", "dim"), value)


def _fired(reason: Reason) -> Text:
    style = ACTION_STYLES[reason.action]
    why = f"  {evidence_in_words(reason.evidence)}" if reason.evidence else ""
    return Text.assemble(f"{reason.rule} ", (reason.action, style), (why, "dim"))
