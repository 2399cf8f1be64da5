"""Time zones by the `tzdata` package, and by nothing else: its version is what a decision's provenance names.

Python's own `ZoneInfo("Asia/Seoul")` would ask the system's files first, which differ from machine to machine.
"""

from datetime import tzinfo
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
