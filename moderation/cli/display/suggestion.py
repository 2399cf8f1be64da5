"""A suggested threshold, for people at a terminal, and as lines of rules.yaml."""

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from moderation.cli.common import counted
from moderation.cli.display.flips import percent
from moderation.reports.levels import SuggestedLevels, levels_with
from moderation.reports.suggest import LEAST_VERDICTS, Suggestion, SuggestionQuery, Threshold
from moderation.rules import Ruleset


def render_suggestion(found: Suggestion, ruleset: Ruleset, console: Console) -> None:
    """Print what verdicts and labels say, what they can't say, and the lines to paste."""
    wanted = found.wanted
    what = wanted.attribute + (f" in {wanted.language}" if wanted.language else "")
    rests = _rests(found, what)
    or_labelled = " or labelled so" if found.labels else ""
    if found.too_few:
        _say(console, f"too few verdicts: {rests}; from {LEAST_VERDICTS} on a threshold can be told")
    elif found.threshold:
        _say(console, f"{wanted.action} from {what} {found.threshold.score:g}", "bold")
        _figures(found.threshold, console, or_labelled)
        _say(console, f"  rests on   {rests}")
    else:
        _say(console, f"no threshold of {what} reaches a precision of {wanted.precision:.1%}; the nearest:")
        if found.best:
            _say(console, f"\nfrom {found.best.score:g}", "bold")
            _figures(found.best, console, or_labelled)
        _say(console, f"  rests on   {rests}")
    _left_out(found, console)
    if found.lowest is not None and not found.too_few:
        _say(
            console,
            f"\nverdicts exist only for what a moderator looked at, here from {found.lowest:.3f} on: below that "
            f"{'only labels say anything' if found.labels else 'nothing is known'}, and recall counts only what was "
            f"looked at{' or labelled' if found.labels else ''}",
        )
    if found.threshold:
        _paste(found.threshold.score, wanted, ruleset, console)


def _left_out(found: Suggestion, console: Console) -> None:
    for count, noun, why in (
        (found.other_model, "verdict", "on scores of another model"),
        (found.labels_judged, "label", "on texts that a moderator has decided"),
        (found.labels_unscored, "label", "on texts that the model has no score for"),
    ):
        if count:
            _say(console, f"left out: {counted(count, noun)} {why}", "dim")


def _paste(score: float, wanted: SuggestionQuery, ruleset: Ruleset, console: Console) -> None:
    levels = levels_with(score, ruleset, wanted.attribute, wanted.action, wanted.language)
    if levels.stronger:
        _say(console, f"it would never act: `{levels.stronger}` begins there or below already", "yellow")
    _say(console, "\npaste into rules.yaml, then see `moderation rules diff live rules.yaml`:\n")
    _say(console, yaml_lines({(wanted.language, wanted.attribute): levels}))


def suggested_lines(found: Suggestion, ruleset: Ruleset) -> str | None:
    """Return the section of rules.yaml that sets the suggested threshold; `None` where there is none."""
    if found.threshold is None:
        return None
    wanted = found.wanted
    levels = levels_with(found.threshold.score, ruleset, wanted.attribute, wanted.action, wanted.language)
    return yaml_lines({(wanted.language, wanted.attribute): levels})


def yaml_lines(levels: Mapping[tuple[str | None, str], SuggestedLevels]) -> str:
    """Return the section of rules.yaml that sets thresholds, given by language (`None`: in all) and attribute."""
    lines = ["toxicity:"]
    if base := [_line(name, found) for (language, name), found in levels.items() if language is None]:
        lines += ["  thresholds:", *(f"    {line}" for line in base)]
    codes = dict.fromkeys(language for language, _ in levels if language is not None)
    lines += ["  by_language:"] * bool(codes)
    for code in codes:
        own = [_line(name, found) for (language, name), found in levels.items() if language == code]
        lines += [f"    {_quoted(code)}:", *(f"      {line}" for line in own)]
    return "\n".join(lines)


def _line(attribute: str, levels: SuggestedLevels) -> str:
    said = ", ".join(
        f"{action}: {'false' if score is None else format(score, 'g')}"
        for action, score in levels.scores.items()
    )
    return f"{attribute}: {{{said}}}"


def _rests(found: Suggestion, what: str) -> str:
    said = f"{counted(found.verdicts, 'verdict')} on comments with a score for {what}, {found.rejected:,} of them rejections"
    if not found.labels:
        return said
    return f"{said}, and {counted(found.labels, 'label')}, {found.labelled:,} of them saying that the text has it"


def _quoted(code: str) -> str:
    return f'"{code}"' if code == "no" else code  # which YAML of old reads as false


def _figures(threshold: Threshold, console: Console, or_labelled: str) -> None:
    _say(console, f"  precision  {percent(threshold.precision)}")
    _say(console, f"  recall     {percent(threshold.recall)} rejected{or_labelled}")


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style), soft_wrap=True, highlight=False)
