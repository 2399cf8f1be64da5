"""The log of what was made live, for people at a terminal and for programs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from moderation.rollout.wording import CHANGE_SIGNS, changes_in_words, short_hash
from moderation.store import BrakeEvent, BrakeKind, RulesetChange
from moderation.text.visible import visible


def render_log(
    changes: Sequence[RulesetChange], brakes: Sequence[BrakeEvent], live: int | None, console: Console
) -> None:
    """Print changes and brake events as one table, latest first; `live` is the number of the change that decides."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("when", no_wrap=True)
    for heading in ("what", "by", "rules", "message"):
        table.add_column(heading, overflow="fold")
    rows = [(change.created_at, _change_row(change, live=change.id == live)) for change in changes]
    rows += [(event.created_at, _brake_row(event)) for event in brakes]
    for when, cells in sorted(rows, key=lambda row: row[0], reverse=True):
        table.add_row(_time(when), *cells)
    console.print(table)


def _change_row(change: RulesetChange, *, live: bool) -> Iterable[Text]:
    what = Text.assemble(f"{change.kind} ", (short_hash(change.ruleset), "bold" if live else ""))
    if live:
        what.append(" live", "green")
    rules = visible(changes_in_words(change.rules))
    return what, Text(visible(change.by)), Text(rules), Text(visible(change.message))


def _brake_row(event: BrakeEvent) -> Iterable[Text]:
    on = event.kind is BrakeKind.BRAKED
    counted = f"rejected {event.hits:,} of {event.of:,} comments, and now holds" if on else ""
    return (
        Text("brake on" if on else "brake released", "magenta" if on else ""),
        Text(visible(event.by or "")),
        Text(visible(event.rule)),
        Text(counted),
    )


def _time(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S}Z"


def log_to_json(
    changes: Sequence[RulesetChange], brakes: Sequence[BrakeEvent], live: int | None
) -> list[dict[str, Any]]:
    """Return the same as plain JSON values, latest first."""
    entries: list[dict[str, Any]] = [
        {
            "at": change.created_at.isoformat(),
            "kind": change.kind.value,
            "ruleset": change.ruleset,
            "live": change.id == live,
            "by": change.by,
            "message": change.message,
            "rules": {key: list(getattr(change.rules, key)) for key in CHANGE_SIGNS},
        }
        for change in changes
    ]
    entries += [
        {
            "at": event.created_at.isoformat(),
            "kind": event.kind.value,
            "rule": event.rule,
            "hits": event.hits,
            "of": event.of,
            "by": event.by,
        }
        for event in brakes
    ]
    return sorted(entries, key=lambda entry: str(entry["at"]), reverse=True)
