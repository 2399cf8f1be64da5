"""Thresholds moved from Perspective, for people at a terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from moderation.cli.common import counted
from moderation.cli.display.excerpt import marked_text
from moderation.cli.display.flips import percent
from moderation.cli.display.suggestion import yaml_lines
from moderation.domain import Outcome
from moderation.reports.moving.moves import Fitted, Move, Same, SideChange
from moderation.reports.moving.report import DEFAULT_THRESHOLD, MovingReport
from moderation.text.visible import visible

_WHY = {
    Outcome.NOT_COVERED: "in a language that the model does not know",
    Outcome.SKIPPED: "empty, or longer than the rules allow",
}


def render_moves(report: MovingReport, path: Path, console: Console) -> None:
    """Print each threshold with its figures, the comments that change sides, and the lines to paste."""
    survey = report.survey
    columns = ", ".join(f"{attribute} from {column}" for attribute, column in survey.columns.items())
    _say(console, f"{path.name}: {counted(survey.rows, 'comment')} with scores of Perspective ({columns})")
    _notes(report, console)
    for move in report.moves:
        _move(move, report, console)
    if report.levels:
        _say(console, "\npaste into rules.yaml, then see `moderation rules check` and `rules test`:\n")
        _say(console, yaml_lines(report.levels))
    for (language, attribute), stronger in report.never.items():
        _say(
            console,
            f"\n{_what(attribute, language)} is left out: `{report.wanted.action}` would never act, because "
            f"`{stronger}` begins there or below already",
            "yellow",
        )


def _notes(report: MovingReport, console: Console) -> None:
    survey, wanted = report.survey, report.wanted
    said = ", ".join(f"{attribute} {score:g}" for attribute, score in wanted.thresholds.items())
    others = f"{DEFAULT_THRESHOLD:g} where --threshold says nothing else"
    _say(console, f"their thresholds: {f'{said}; ' if said else ''}{others}")
    _say(console, f"ours: with the {_SAME[wanted.same]}, by {report.model}")
    for (language, outcome), count in report.left_out.most_common():
        why = _WHY.get(outcome, "to which the model had no answer")
        _say(console, f"left out: {counted(count, 'comment')} {why} ({language})", "dim")
    if survey.without_score or survey.bad:
        _say(
            console,
            f"left out: {counted(survey.without_score, 'row')} without a score, {survey.bad:,} that can't be used",
            "dim",
        )
    if survey.unknown:
        _say(
            console, f"not used: columns {', '.join(survey.unknown)}, which are no attributes here", "yellow"
        )
    if report.unscored_attributes:
        _say(console, f"not scored by this model: {', '.join(report.unscored_attributes)}", "yellow")


_SAME = {Same.FLAGS: "same share of flags", Same.PRECISION: "same precision"}


def _move(move: Move, report: MovingReport, console: Console) -> None:
    what = _what(move.attribute, move.language)
    if move.fitted is None:
        _say(console, f"\n{what}: {move.why}")
        return
    found = move.fitted
    low_high = f"95 %: {found.interval[0]:.3f}–{found.interval[1]:.3f}" if found.interval else "no interval"
    _say(console, f"\n{what}: {found.score:g} ({low_high}) in place of {move.theirs:g}", "bold")
    _say(console, f"  flags       theirs {percent(move.flags)}, ours {percent(found.flags)}")
    if found.precisions:
        both = found.precisions
        _say(console, f"  precision   theirs {percent(both.theirs)}, ours {percent(both.ours)}")
    kappa, rank = (_shown(value) for value in (found.kappa, move.rank_correlation))
    _say(console, f"  same side   {percent(found.agreed)}, kappa {kappa}, rank correlation {rank}")
    _say(console, f"  change      {found.gained:,} newly flagged, {found.lost:,} no longer")
    _changes(found, found.changes, report, console)


def _changes(found: Fitted, changes: Sequence[SideChange], report: MovingReport, console: Console) -> None:
    if len(changes) < found.gained + found.lost:
        whole = found.gained + found.lost
        _say(
            console,
            f"  shown: {len(changes):,} of {whole:,}, those furthest from both thresholds; --show N",
            "dim",
        )
    for change in changes:
        name = visible(report.external_ids.get(change.row, ""))
        way = "newly flagged" if change.flagged else "no longer flagged"
        _say(console, f"  row {change.row}{f' ({name})' if name else ''}: {way}", "dim")
        text = marked_text(report.texts.get(change.row, ""), (), colour=False)
        console.print(Padding(text, (0, 0, 0, 4)), highlight=False)


def _what(attribute: str, language: str | None) -> str:
    return f"{attribute} in {language}" if language else attribute


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(visible(line, keep="\n"), style), soft_wrap=True, highlight=False)
