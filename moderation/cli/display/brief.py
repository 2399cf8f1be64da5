"""What another ruleset would do, in a few lines."""

from rich.console import Console

from moderation.backtest import Diff
from moderation.cli.common import counted
from moderation.text.visible import visible

_MOST = 5


def render_brief(diff: Diff, console: Console) -> None:
    """Print how many comments flip, how, by which rules, and what becomes of the queue."""
    tally = diff.tally
    if not tally.comments:
        console.print("no stored comment to compare with")
        return
    share = f" ({diff.flips / tally.comments:.1%})" if diff.flips else ""
    console.print(f"of the last {counted(tally.comments, 'stored comment')}, {diff.flips:,} flip{share}")
    for (before, after), count in diff.pairs[:_MOST]:
        console.print(f"  {count:>7,}  {before} → {after}")
    if diff.by_rule:
        turns = [f"{visible(t.name)} +{t.stronger:,} −{t.weaker:,}" for t in diff.by_rule[:_MOST]]
        console.print(f"  by rule, to stronger and to weaker actions: {', '.join(turns)}")
    if diff.flips and diff.queue:
        days = len(diff.queue)
        was, becomes = (sum(day.before for day in diff.queue), sum(day.after for day in diff.queue))
        console.print(f"  the queue would get {becomes / days:,.1f} comments a day, not {was / days:,.1f}")
    if left_out := tally.lacking.total():
        console.print(f"  {counted(left_out, 'comment')} left out: their record is not enough")
