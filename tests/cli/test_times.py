"""Durations and moments as people write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import typer

from moderation.cli.times import parse_duration, parse_moment

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("7d", timedelta(days=7)),
        ("24h", timedelta(hours=24)),
        ("30 minutes", timedelta(minutes=30)),
        ("1.5 h", timedelta(minutes=90)),
    ],
)
def test_durations_are_read(written, meant):
    assert parse_duration(written) == meant


@pytest.mark.parametrize("written", ["", "7", "d", "0d", "7 fortnights", "-1h"])
def test_what_is_no_duration_is_refused(written):
    with pytest.raises(typer.BadParameter):
        parse_duration(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("now", NOW),
        ("2h ago", NOW - timedelta(hours=2)),
        ("7d", NOW - timedelta(days=7)),
        ("90 minutes ago", NOW - timedelta(minutes=90)),
        ("2026-11-25", datetime(2026, 11, 25, tzinfo=UTC)),
        ("2026-11-25T09:30", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)),
        ("2026-11-25 09:30:00+09:00", datetime(2026, 11, 25, 9, 30, tzinfo=timezone(timedelta(hours=9)))),
        ("2026-11-25T09:30:00Z", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)),
    ],
)
def test_moments_are_read(written, meant):
    found = parse_moment(written, now=NOW)
    assert found == meant
    assert found.tzinfo is UTC


@pytest.mark.parametrize("written", ["", "yesterday", "2026-13-01", "ago", "100000000w ago"])
def test_what_is_no_moment_is_refused(written):
    with pytest.raises(typer.BadParameter):
        parse_moment(written, now=NOW)
