"""Time zones by the `tzdata` package, and by nothing else: its version is what a decision's provenance names.

Python's own `ZoneInfo("Asia/Seoul")` would ask the system's files first, which differ from machine to machine.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all zones of the IANA database."""
    return frozenset((files("tzdata") / "zones").read_text("utf-8").split())


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo:
    """Return a time zone: one of `zone_names`."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


_PLACES = {
    "Asia/Seoul": "KST",
    "Asia/Tokyo": "JST",
    "Asia/Shanghai": "",
    "Asia/Hong_Kong": "HKT",
    "Asia/Singapore": "SGT",
    "Asia/Bangkok": "ICT",
    "Asia/Kolkata": "IST",
    "Asia/Kathmandu": "NPT",
    "Asia/Karachi": "PKT",
    "Asia/Dubai": "GST",
    "Europe/Istanbul": "TRT",
    "Europe/Moscow": "MSK",
    "Europe/Kyiv": "EEST",
    "Africa/Johannesburg": "SAST",
    "Europe/Berlin": "CEST",
    "Africa/Lagos": "WAT",
    "Europe/London": "BST",
    "Europe/Lisbon": "WEST",
    "America/Sao_Paulo": "BRT",
    "America/Argentina/Buenos_Aires": "ART",
    "America/Halifax": "AST ADT",
    "America/St_Johns": "NST NDT",
    "America/New_York": "ET EDT",
    "America/Chicago": "CT CST CDT",
    "America/Denver": "MT MDT",
    "America/Los_Angeles": "PT PST PDT",
    "America/Anchorage": "AKST AKDT",
    "Pacific/Honolulu": "HAST",
    "Australia/Sydney": "AEST AEDT",
    "Australia/Adelaide": "ACST ACDT",
    "Australia/Perth": "AWST",
    "Pacific/Auckland": "NZST NZDT",
}
"""Places, and what people call the time there."""

_OFFSET = re.compile(
    r"(?:gmt|utc|z)?\s*(?P<sign>[+−-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?", re.IGNORECASE
)


def place_of(written: str) -> str | None:
    """Return a place whose time is called so (`KST`) or that far from UTC (`GMT+9`, `+05:30`); `None` if none is known.

    Not `Etc/GMT+9`, which is nine hours behind: its sign is turned round.
    """
    called = written.strip().upper()
    if found := _OFFSET.fullmatch(called):
        away = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        away = away if found["sign"] == "+" else -away
        winter = datetime(2026, 1, 15, tzinfo=UTC)
        return next(
            (place for place in _PLACES if winter.astimezone(zone_named(place)).utcoffset() == away), None
        )
    return next((place for place, names in _PLACES.items() if called in names.split()), None)
