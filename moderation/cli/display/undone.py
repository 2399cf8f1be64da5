"""What taking back a rule's deeds changes, for people at a terminal."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from moderation.cli.common import counted
from moderation.cli.display.excerpt import marked_text
from moderation.cli.display.flips import arrow, table
from moderation.rollout.undone import Reversal, Undone
from moderation.text.visible import visible


def render_undone(found: Undone, console: Console) -> None:
    """Print what was reversed or would be, and what is left alone and why."""
    wanted = found.request
    name = visible(wanted.rule)
    _say(
        console,
        f"{name} fired {counted(found.hits, 'time')} from {wanted.begin:%Y-%m-%d %H:%M:%S}Z to {wanted.end:%Y-%m-%d %H:%M:%S}Z",
    )
    count = found.reversed.total()
    if count:
        made = table("reversed" if found.stored else "would be reversed", "comments")
        for pair, number in found.reversed.most_common():
            made.add_row(arrow(*pair), f"{number:,}")
        console.print(Padding(made, (1, 0)))
    elif found.hits:
        _say(console, "nothing to reverse")
    for number, why in (
        (found.same, "without it, other rules decide the same way"),
        (found.kept, "a moderator has decided: left alone"),
        (found.newer, "decided anew since: left alone"),
        (found.unreadable, "this release can't decide them as they were decided then: left alone"),
    ):
        if number:
            _say(console, f"{counted(number, 'comment')}: {why}", "dim")
    for reversal in found.shown:
        _reversal(reversal, console)


def _reversal(reversal: Reversal, console: Console) -> None:
    before, after = reversal.before, reversal.after
    line = Text.assemble(f"\n#{before.comment_id}  ", arrow(before.action, after.action))
    rules = ", ".join(dict.fromkeys(reason.rule for reason in after.reasons))
    line.append(f"  {visible(rules)}" if rules else "", "dim")
    console.print(line, soft_wrap=True, highlight=False)
    colour = console.color_system is not None and not console.no_color
    marked = marked_text(reversal.comment.text, before.reasons, colour=colour)
    console.print(Padding(marked, (0, 0, 0, 2)), highlight=False)


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style), soft_wrap=True, highlight=False)
