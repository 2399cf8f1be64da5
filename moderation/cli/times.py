"""Durations and moments as people write them: `7d`, `2h ago`, `2026-11-25T09:30`."""

import re
from datetime import UTC, datetime, timedelta

import typer
from pydantic_core import PydanticCustomError

from moderation.rules.values.dates import moment_of
from moderation.rules.values.durations import read_duration

_AGO = re.compile(r"(.+?)\s*ago", re.IGNORECASE)
_DURATION = 'a number with a unit: "7d", "24h", "30 minutes"'


def parse_duration(text: str) -> timedelta:
    """Read a duration: `7d`, `24h`, `30 minutes`.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        return read_duration(text).time
    except PydanticCustomError:
        raise typer.BadParameter(f"{text!r} is no duration: write {_DURATION}") from None


def parse_moment(text: str, *, now: datetime | None = None) -> datetime:
    """Read a moment: ISO 8601, without a zone in UTC; or how long ago it is, `2h ago` or `2h`.

    Args:
        text: what was written.
        now: what "ago" counts from; the time of the call if `None`.

    Raises:
        typer.BadParameter: it is none.
    """
    written = text.strip()
    if written.lower() == "now":
        return now or datetime.now(UTC)
    moment = moment_of(written)
    return moment.astimezone(UTC) if moment else _ago(written, now or datetime.now(UTC))


def _ago(written: str, now: datetime) -> datetime:
    match = _AGO.fullmatch(written)
    try:
        return now - read_duration(match[1] if match else written).time
    except (PydanticCustomError, OverflowError):
        raise typer.BadParameter(
            f"{written!r} is no time: write 2026-11-25, 2026-11-25T09:30+09:00, or {_DURATION}"
        ) from None
