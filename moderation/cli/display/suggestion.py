"""A suggested threshold, for people at a terminal, and as lines of rules.yaml."""

from rich.console import Console
from rich.text import Text

from moderation.cli.common import counted
from moderation.cli.display.flips import percent
from moderation.reports.suggest import (
    LEAST_VERDICTS,
    SuggestedLevels,
    Suggestion,
    SuggestionQuery,
    Threshold,
    levels_with,
)
from moderation.rules import Ruleset


def render_suggestion(found: Suggestion, ruleset: Ruleset, console: Console) -> None:
    """Print what the verdicts say, what they can't say, and the lines to paste."""
    wanted = found.wanted
    what = wanted.attribute + (f" in {wanted.language}" if wanted.language else "")
    rests = f"{counted(found.verdicts, 'verdict')} on comments with a score for {what}, {found.rejected:,} of them rejections"
    if found.too_few:
        _say(console, f"too few verdicts: {rests}; from {LEAST_VERDICTS} on a threshold can be told")
    elif found.threshold:
        _say(console, f"{wanted.action} from {what} {found.threshold.score:g}", "bold")
        _figures(found.threshold, console)
        _say(console, f"  rests on   {rests}")
    else:
        _say(console, f"no threshold of {what} reaches a precision of {wanted.precision:.1%}; the nearest:")
        if found.best:
            _say(console, f"\nfrom {found.best.score:g}", "bold")
            _figures(found.best, console)
        _say(console, f"  rests on   {rests}")
    if found.other_model:
        _say(console, f"left out: {counted(found.other_model, 'verdict')} on scores of another model", "dim")
    if found.lowest is not None and not found.too_few:
        _say(
            console,
            f"\nverdicts exist only for what a moderator looked at, here from {found.lowest:.3f} on: below that nothing "
            "is known, and recall counts only what was looked at",
        )
    if found.threshold:
        levels = levels_with(found.threshold.score, wanted, ruleset)
        if levels.stronger:
            _say(console, f"it would never act: `{levels.stronger}` begins there or below already", "yellow")
        _say(console, "\npaste into rules.yaml, then see `moderation rules diff live rules.yaml`:\n")
        _say(console, "\n".join(yaml_lines(levels, wanted)))


def yaml_lines(levels: SuggestedLevels, wanted: SuggestionQuery) -> list[str]:
    """Return the section of rules.yaml that sets the attribute's thresholds."""
    said = ", ".join(
        f"{action}: {'false' if score is None else format(score, 'g')}"
        for action, score in levels.scores.items()
    )
    line = f"{wanted.attribute}: {{{said}}}"
    if wanted.language:
        return ["toxicity:", "  by_language:", f"    {_quoted(wanted.language)}:", f"      {line}"]
    return ["toxicity:", "  thresholds:", f"    {line}"]


def _quoted(code: str) -> str:
    return f'"{code}"' if code == "no" else code  # which YAML of old reads as false


def _figures(threshold: Threshold, console: Console) -> None:
    _say(console, f"  precision  {percent(threshold.precision)}")
    _say(console, f"  recall     {percent(threshold.recall)} rejected")


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style), soft_wrap=True, highlight=False)
