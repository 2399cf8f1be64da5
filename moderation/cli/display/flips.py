"""What flips between two rulesets, for people at a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from moderation.backtest import CountedShare, Diff, Flip, Lacking
from moderation.backtest.diff import QueueDay, Turn
from moderation.cli.common import counted
from moderation.cli.display.excerpt import ACTION_STYLES, marked_text
from moderation.domain import Action, Reason
from moderation.rollout.wording import short_hash
from moderation.rules import Weighed
from moderation.text.visible import visible

_WHY = {
    Lacking.SCORES: "the ruleset names another model than the one that scored them",
    Lacking.LANGUAGE: "the ruleset tells languages by other settings",
    Lacking.STOPPED: "they were too long for the ruleset of their time, which looked at nothing else",
    Lacking.RULESET: "this release can't read the ruleset of their time",
}
_MOST_ROWS = 15
_MOST_DAYS = 14


def render_diff(diff: Diff, console: Console) -> None:
    """Print the counts, the figures and some of the comments; nothing of a comment acts in the terminal."""
    tally = diff.tally
    share = f" ({diff.flips / tally.comments:.1%})" if tally.comments else ""
    _say(
        console,
        f"{short_hash(diff.old)} → {short_hash(diff.new)}: {diff.flips:,} of {tally.comments:,} comments flip{share}",
    )
    if tally.examined:
        _say(console, f"{tally.examined:,} were examined again: their record was not enough")
    for why, count in tally.lacking.most_common():
        _say(console, f"{count:,} could not be replayed fairly: {_WHY[why]}", "yellow")
    if diff.flips:
        _pairs(diff, console)
        _turns("rule", diff.by_rule, console)
        _turns("language", diff.by_language, console)
    _quality(diff, console)
    _queue(diff.queue, console)
    _shown(diff, console)


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style), soft_wrap=True, highlight=False)


def table(first: str, *others: str) -> Table:
    """Make a table in the house style: text on the left, numbers on the right."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    made.add_column(first, overflow="fold")
    for name in others:
        made.add_column(name, justify="right")
    return made


def _pairs(diff: Diff, console: Console) -> None:
    made = table("action", "comments", "share")
    for (before, after), count in diff.pairs:
        made.add_row(arrow(before, after), f"{count:,}", f"{count / diff.tally.comments:.1%}")
    console.print(Padding(made, (1, 0, 0, 0)))


def arrow(before: Action, after: Action) -> Text:
    """Write two actions in their colours."""
    return Text.assemble((before, ACTION_STYLES[before]), " → ", (after, ACTION_STYLES[after]))


def _turns(what: str, turns: Sequence[Turn], console: Console) -> None:
    made = table(what, "stronger", "weaker")
    for turn in turns[:_MOST_ROWS]:
        made.add_row(Text(visible(turn.name)), f"{turn.stronger:,}", f"{turn.weaker:,}")
    if len(turns) > _MOST_ROWS:
        made.add_row(Text(f"and {len(turns) - _MOST_ROWS} more", "dim"))
    console.print(Padding(made, (1, 0, 0, 0)))


def _quality(diff: Diff, console: Console) -> None:
    if not diff.verdicts:
        _say(console, "\nno comment among them has a verdict: nobody can say which ruleset is right")
        return
    _say(console, f"\nhold or reject, against the {counted(diff.verdicts, 'comment')} with a verdict")
    made = table("", "before", "after")
    before, after = diff.quality
    made.add_row("precision", percent(before.precision), percent(after.precision))
    made.add_row("recall", percent(before.recall), percent(after.recall))
    console.print(made)


def percent(share: CountedShare) -> str:
    """Write a share with its 95 % interval and what it is of: `80.0 % (49.0–94.3) of 10`."""
    if share.value is None or share.interval is None:
        return "– of 0"
    low, high = share.interval
    return f"{share.value:.1%} ({100 * low:.1f}–{100 * high:.1f}) of {share.whole:,}"


def _queue(days: Sequence[QueueDay], console: Console) -> None:
    if not days:
        return
    made = table("queued on", "before", "after", "change")
    for day in days[-_MOST_DAYS:]:
        made.add_row(str(day.day), f"{day.before:,}", f"{day.after:,}", f"{day.after - day.before:+,}")
    if len(days) > 1:
        before, after = (sum(numbers) / len(days) for numbers in zip(*_sizes(days), strict=True))
        made.add_row(
            f"mean of {len(days)} days", f"{before:,.1f}", f"{after:,.1f}", f"{after - before:+,.1f}"
        )
    console.print(Padding(made, (1, 0, 0, 0)))


def _sizes(days: Iterable[QueueDay]) -> list[tuple[int, int]]:
    return [(day.before, day.after) for day in days]


def _shown(diff: Diff, console: Console) -> None:
    if diff.shown:
        more = f" ({len(diff.shown):,} of {diff.flips:,}; --show N)" if len(diff.shown) < diff.flips else ""
        _say(console, f"\nComments that flip{more}", "bold")
    for flip in diff.shown:
        _flip(flip, console)


def _flip(flip: Flip, console: Console) -> None:
    name = f"#{flip.comment_id}" if flip.comment_id else visible(flip.comment.external_id or "")
    line = Text.assemble("\n", name, "  ", arrow(*flip.pair), f"  {visible(flip.language)}")
    if flip.verdict:
        line.append(f"  a moderator said {flip.verdict}", "bold")
    console.print(line, soft_wrap=True, highlight=False)
    for side, weighed in (("before", flip.before), ("after", flip.after)):
        _say(console, f"  {side:<6}  {_rules(weighed)}", "dim")
    colour = console.color_system is not None and not console.no_color
    marked = marked_text(flip.comment.text, _about(flip), colour=colour)
    console.print(Padding(marked, (0, 0, 0, 2)), highlight=False)


def _rules(weighed: Weighed) -> str:
    names = list(dict.fromkeys(f"{reason.rule} ({reason.action})" for reason in weighed.reasons))
    return visible(", ".join(names)) or "no rule"


def _about(flip: Flip) -> list[Reason]:
    return [*flip.before.reasons, *flip.after.reasons]
