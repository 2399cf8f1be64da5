"""Durations and moments: one way to write them, in rules.yaml and on the command line."""

from datetime import UTC, datetime, timedelta

import pytest
import typer
from pydantic_core import PydanticCustomError

from moderation.cli.times import parse_duration, parse_moment
from moderation.rules.values.dates import read_moment
from moderation.rules.values.durations import read_duration, seconds_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("10 minutes", timedelta(minutes=10)),
        ("1.5 h", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        (" 30 sec ", timedelta(seconds=30)),
        ("2 Weeks", timedelta(weeks=2)),
        ("36500 days", timedelta(days=36_500)),
    ],
)
def test_a_duration_is_read_the_same_everywhere(written, time):
    assert read_duration(written).time == parse_duration(written) == time
    assert parse_moment(f"{written} ago", now=NOW) == NOW - time


@pytest.mark.parametrize(
    "written", ["10", "days", "-1 day", "0 days", "36501 days", "1 fortnight", "1 d 2 h"]
)
def test_what_is_no_duration_is_refused_everywhere(written):
    with pytest.raises(PydanticCustomError):
        read_duration(written)
    with pytest.raises(typer.BadParameter):
        parse_duration(written)


def test_an_age_may_be_nothing_or_longer_than_any_life():
    assert seconds_of("0 days") == 0
    assert seconds_of("100000 days") == 100_000 * 86_400


@pytest.mark.parametrize(
    "written", ["2026-11-25 22:30", "2026-11-25T22:30Z", "2026-11-26T07:30+09:00", " 2026-11-25 22:30 "]
)
def test_a_moment_is_read_the_same_everywhere(written):
    moment = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    assert read_moment(written).time == parse_moment(written) == moment
