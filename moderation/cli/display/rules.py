"""What rules did, for people at a terminal."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from moderation.cli.common import counted
from moderation.cli.display.excerpt import ACTION_STYLES, marked_text
from moderation.cli.display.flips import percent, table
from moderation.reports.rules import FiredExample, RuleReport, RulesReport
from moderation.text.visible import visible

_MOST_OTHERS = 8
_BAR = 40


def render_rules_report(report: RulesReport, console: Console) -> None:
    """Print one line a rule."""
    _headline(report, console)
    made = table("rule", "hits", "a day", "alone", "verdicts", "rejected", "reversed")
    for one in report.rules:
        made.add_row(
            Text(visible(one.rule) + (" (shadow)" if one.shadow else "")),
            f"{one.hits:,}",
            f"{one.hits / len(report.days):,.1f}",
            f"{one.decided_alone:,}",
            f"{one.precision.whole:,}",
            *(
                "–" if share.value is None else f"{share.value:.1%}"
                for share in (one.precision, one.reversal)
            ),
        )
    console.print(Padding(made, (1, 0, 0, 0)))


def render_rule(name: str, report: RulesReport, console: Console) -> None:
    """Print everything about one rule: live and in the shadow, if it was both."""
    _headline(report, console)
    if not any(one.hits for one in report.rules):
        _say(console, f"{visible(name)} did not fire")
        return
    for one in report.rules:
        if one.hits:
            _rule(one, report, console)


def _headline(report: RulesReport, console: Console) -> None:
    _say(console, f"{counted(report.comments, 'comment')} since {report.since:%Y-%m-%d %H:%M}Z")


def _rule(one: RuleReport, report: RulesReport, console: Console) -> None:
    _say(console, f"\n{visible(one.rule)} ({one.kind}): {counted(one.hits, 'hit')}", "bold")
    asked = ", ".join(f"{action} {count:,}" for action, count in one.actions.most_common())
    alone = "would have decided more strictly" if one.shadow else "decided alone"
    _say(console, f"  asked for  {asked}")
    _say(console, f"  {alone}  {one.decided_alone:,} ({one.decided_alone / one.hits:.0%})")
    _say(console, f"  rejected by moderators  {percent(one.precision)} with a verdict")
    _say(console, f"  decided contrary to it  {percent(one.reversal)} with a verdict")
    others = one.overlap.most_common(_MOST_OTHERS)
    if others:
        shares = ", ".join(f"{visible(other)} {count / one.hits:.0%}" for other, count in others)
        _say(console, f"  fires together with  {shares}")
    _days(one, report, console)
    for example in one.examples:
        _example(example, console)


def _days(one: RuleReport, report: RulesReport, console: Console) -> None:
    most = max(one.by_day.values())
    made = table("day", "hits")
    made.add_column("")
    for day in report.days:
        count = one.by_day[day]
        if count:
            made.add_row(str(day), f"{count:,}", Text("█" * max(1, round(_BAR * count / most)), "cyan"))
    console.print(Padding(made, (1, 0, 0, 2)))


def _example(example: FiredExample, console: Console) -> None:
    line = Text.assemble(f"\n  #{example.comment_id}  ", (example.action, ACTION_STYLES[example.action]))
    if example.verdict:
        line.append(f"  a moderator said {example.verdict}", "bold")
    console.print(line, soft_wrap=True, highlight=False)
    colour = console.color_system is not None and not console.no_color
    reasons = [example.reason] if example.reason else []
    marked = marked_text(example.comment.text, reasons, colour=colour)
    console.print(Padding(marked, (0, 0, 0, 4)), highlight=False)


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style), soft_wrap=True, highlight=False)
