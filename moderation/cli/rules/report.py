"""`moderation rules report`: what each rule does, and whether moderators agree."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from moderation.cli.common import JsonOption, print_json
from moderation.cli.display.rules import render_rule, render_rules_report
from moderation.cli.rules.naming import LIVE, ruleset_named
from moderation.cli.times import parse_duration
from moderation.errors import OutputFileError
from moderation.extras import needing
from moderation.reports.rules import RulesReport, report_on_rules
from moderation.store.opening import open_store
from moderation.terminal import DatabaseOption

_EXAMPLES = 5


def report(
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="Only this rule, with examples; all if not given.")
    ] = None,
    *,
    since: Annotated[str, typer.Option(metavar="TIME", help='The last "30d", "24h" …')] = "30d",
    examples: Annotated[
        int | None, typer.Option(min=0, help=f"Comments shown of each rule; {_EXAMPLES} of a single one.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with charts, readable offline.")
    ] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what rules did: live ones, ones in the shadow, and the built-in ones, whose names have a dot.

    Per rule: on how many comments it fired, and a day; how often it alone decided, or from the shadow would have
    decided more strictly; how often other rules fired on the same comment; precision, which of its hits with a
    verdict were rejected, with a 95 % interval (Wilson's); and the share that moderators decided contrary to it.
    Verdicts exist only where a moderator looked: a rule that rejects is seldom contradicted.

        moderation rules report --since 7d

        moderation rules report many-links --examples 20

        moderation rules report --html rules.html
    """
    begin = datetime.now(UTC) - parse_duration(since)
    wanted = examples if examples is not None else _EXAMPLES if rule or html else 0
    with open_store(database) as store:
        ruleset = ruleset_named(LIVE, store)
        found = report_on_rules(store, since=begin, rule=rule, ruleset=ruleset, examples=wanted)
    if html:
        _write(html, found)
    if as_json:
        print_json(found.to_dict())
    elif rule:
        render_rule(rule, found, Console())
    else:
        render_rules_report(found, Console())


def _write(path: Path, found: RulesReport) -> None:
    with needing("evaluate", "`--html` needs the package `{package}`"):
        from moderation.reports.pages import report_page  # noqa: PLC0415 - imports matplotlib
    try:
        path.write_text(report_page(found), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise OutputFileError(f"`{path}` can't be written ({error.strerror})") from None
