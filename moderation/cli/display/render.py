"""Decisions and summaries for people at a terminal: with colour or without, wide or narrow."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from moderation.cli.display.evidence import evidence_in_words
from moderation.cli.display.excerpt import ACTION_STYLES, marked_text
from moderation.domain import UNDETERMINED, Action, Decision, Outcome, Reason, SignalName
from moderation.rollout.wording import short_hash
from moderation.text.visible import visible

_NARROWEST = 20
_WIDEST_BAR = 30
_MEANINGS = {
    Action.APPROVE: "published",
    Action.FLAG: "published, and queued for a moderator",
    Action.HOLD: "a moderator decides whether it is published",
    Action.REJECT: "not published; the author is told why",
}
_OUTCOME_STYLES = {
    Outcome.OK: "",
    Outcome.NOT_COVERED: "dim",
    Outcome.SKIPPED: "dim",
    Outcome.FAILED: "magenta",
    Outcome.TIMED_OUT: "magenta",
}
_BY = {
    "by_action": "Action",
    "by_rule": "Rule",
    "by_shadow_rule": "Rule in the shadow (recorded, not acted on)",
    "by_language": "Language",
}
_MOST_ROWS = 15
_BRAKED = "under the brake: the rule would reject, but was changed a short while ago and hit too much; `moderation rules release"


def render_decision(decision: Decision, text: str, console: Console) -> None:
    """Print a decision: the action, why, what the text is about it, language, scores and checks.

    Whatever the author wrote is shown and nothing of it acts: no markup, escape sequence or invisible
    character of theirs reaches the terminal.
    """
    label = f" {decision.action.upper()} "
    headline = Text.assemble((label, f"bold reverse {ACTION_STYLES[decision.action]}"), " ")
    headline.append(_MEANINGS[decision.action])
    _print(console, headline)
    if decision.reasons:
        _print(console, Text("\nWhy", "bold"))
    for reason in decision.reasons:
        _print_reason(console, reason)
    if decision.shadow:
        _print(console, Text.assemble(("\nIn the shadow", "bold"), ("  recorded, not acted on", "dim")))
    for reason in decision.shadow:
        _print_reason(console, reason)
    _print(console, Text("\nText", "bold"))
    colour = console.color_system is not None and not console.no_color
    _print(console, marked_text(text, decision.reasons, colour=colour), indent="  │ ")
    for part in (_language, _scores, _checks, _provenance):
        for line in part(decision, console):
            _print(console, line)


def _print(console: Console, text: Text, indent: str = "") -> None:
    """Print text with every line of it indented, also where it is wrapped."""
    width = max(console.width, _NARROWEST) - cell_len(indent)
    for line in text.wrap(console, width) or [Text()]:
        line.rstrip()
        console.print(Text.assemble((indent, "dim"), line), soft_wrap=True, highlight=False)


def _print_reason(console: Console, reason: Reason) -> None:
    action = Text(reason.action, f"bold {ACTION_STYLES[reason.action]}")
    _print(console, Text.assemble(action, "  ", visible(reason.rule)), indent="  ")
    _print(console, Text(visible(reason.message)), indent="    ")
    evidence = {name: value for name, value in reason.evidence.items() if name != "braked"}
    if evidence:
        _print(console, Text(evidence_in_words(evidence), "dim"), indent="    ")
    if reason.evidence.get("braked"):
        _print(console, Text(f"{_BRAKED} {visible(reason.rule)}` lifts it", "magenta"), indent="    ")


def _language(decision: Decision, _console: Console) -> Iterator[Text]:
    found = decision.language
    if not decision.signals(SignalName.LANGUAGE):
        said = "no answer"
    elif found.code == UNDETERMINED:
        said = "undetermined"
    else:
        said = f"{visible(found.code)}, {found.confidence:.0%} sure"
    scored = "; scored all the same" if decision.signals(SignalName.DOUBTFUL) else ""
    yield Text.assemble("\n", ("Language", "bold"), f"  {said}{scored}")


def _scores(decision: Decision, console: Console) -> Iterator[Text]:
    if not decision.scores:
        return
    yield Text("\nScores", "bold")
    widest = max(len(name) for name in decision.scores)
    room = min(_WIDEST_BAR, max(console.width, _NARROWEST) - widest - len("    0.00") - 1)
    for name, score in decision.scores.items():
        yield Text.assemble(f"  {name:<{widest}} ", *_bar(score, room, console), f" {score:.2f}")


def _bar(share: float, width: int, console: Console) -> list[tuple[str, str]]:
    full, empty = ("#", ".") if console.options.ascii_only else ("█", "░")
    filled = round(min(max(share, 0), 1) * max(width, 1))
    return [(full * filled, "cyan"), (empty * (max(width, 1) - filled), "dim")]


def _checks(decision: Decision, _console: Console) -> Iterator[Text]:
    if not decision.checks:
        return
    yield Text("\nChecks", "bold")
    widest = max(len(name) for name in decision.checks)
    for name, result in decision.checks.items():
        outcome = f"{result.outcome.replace('_', ' '):<11}"
        line = Text.assemble(f"  {name:<{widest}}  ", (outcome, _OUTCOME_STYLES[result.outcome]))
        line.append(f" {result.ms:>7.1f} ms")
        if result.error:
            line.append(f"  {visible(result.error)}", _OUTCOME_STYLES[result.outcome])
        yield line


def _provenance(decision: Decision, _console: Console) -> Iterator[Text]:
    made = decision.provenance
    yield Text(
        f"\nruleset {visible(short_hash(made.ruleset))}, model {visible(made.model)}, {visible(made.engine)}",
        "dim",
    )
    if decision.without:
        by = f" by {decision.by}" if decision.by else ""
        yield Text(visible(f"decided again{by}, without {', '.join(decision.without)}"), "dim")


def render_summary(headline: str, summary: Mapping[str, Any], console: Console) -> None:
    """Print what became of many comments.

    Args:
        headline: what is counted, in a line.
        summary: `comments`, a number; `by_action`, `by_rule`, `by_shadow_rule` and `by_language`, each a count
            by name, most frequent first. A comment counts for every rule that it hit.
        console: where to.
    """
    _print(console, Text(headline))
    for key, title in _BY.items():
        if summary.get(key):
            _print(console, Text(f"\n{title}", "bold"))
            _print_counts(summary[key], summary["comments"], console, by_action=key == "by_action")


def _print_counts(counts: Mapping[str, int], total: int, console: Console, *, by_action: bool) -> None:
    rows = [(visible(name), count) for name, count in list(counts.items())[:_MOST_ROWS]]
    room = max(console.width, _NARROWEST) - len("  1,234,567  100.0 %  ")
    widest = min(max(cell_len(name) for name, _ in rows), room)
    for name, count in rows:
        style = ACTION_STYLES[Action(name)] if by_action else ""
        line = Text.assemble(
            "  ", (set_cell_size(name, widest), style), f" {count:>9,} {count / total:>7.1%}  "
        )
        line.append_tokens(_bar(count / total, min(_WIDEST_BAR, room - widest), console))
        _print(console, line)
    if len(counts) > _MOST_ROWS:
        _print(console, Text(f"  and {len(counts) - _MOST_ROWS} more", "dim"))
