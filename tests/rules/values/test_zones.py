"""A zone is what the package `tzdata` says, whatever the system's files say."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from moderation.rules import Ruleset
from moderation.rules.values.zones import zone_named, zone_names
from tests.rules.facts import comment

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def other_files(tmp_path):
    """A system on which Seoul is where Tokyo's neighbour Guam is: ten hours from UTC, not nine."""
    (tmp_path / "Asia").mkdir()
    guam = files("tzdata").joinpath("zoneinfo", "Pacific", "Guam").read_bytes()
    (tmp_path / "Asia" / "Seoul").write_bytes(guam)
    zoneinfo.reset_tzpath([tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    zone_named.cache_clear()
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


RULES = """
version: 1
rules:
  - name: late
    when: {time: {after: "22:00", zone: Asia/Seoul}}
    action: hold
"""


def test_the_systems_files_have_no_say(other_files):
    assert zoneinfo.ZoneInfo("Asia/Seoul").utcoffset(NOON) == timedelta(hours=10)
    assert zone_named("Asia/Seoul").utcoffset(NOON) == timedelta(hours=9)
    half_past_nine = NOON + timedelta(minutes=30)
    assert Ruleset.parse(RULES).weigh(comment(), {}, now=half_past_nine).reasons == ()


def test_every_zone_can_be_read():
    assert len(zone_names()) > 500
    assert all(NOON.astimezone(zone_named(name)) == NOON for name in zone_names())
