"""Conditions on when the comment was written."""

import re
from datetime import time
from typing import Annotated, ClassVar, Self

from pydantic import Field, PlainValidator, model_validator

from moderation.rules.conditions.base import Answer, Holds, No, refuse_empty
from moderation.rules.conditions.facts import Facts
from moderation.rules.reading.faults import Fault, kind_of_value, nearest_word, one_of, quoted, refuse
from moderation.rules.values.editing import AS_TEXT, as_one_of
from moderation.rules.values.sections import OneOrMore, Section
from moderation.rules.values.zones import place_of, zone_named, zone_names

_ABBREVIATED = 4  # letters of a zone's name that is too short to be told from another: `EST`, `Cuba`
_ONE_DIGIT = re.compile(r"[0-9]:[0-5][0-9]")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = {
    "monday": "mon",
    "tuesday": "tue",
    "wednesday": "wed",
    "thursday": "thu",
    "friday": "fri",
    "saturday": "sat",
    "sunday": "sun",
}


def _clock(value: object) -> time:
    try:
        if isinstance(value, str) and len(value) == len("22:00"):
            return time.fromisoformat(value)
    except ValueError:
        pass
    wrote = quoted(value) if isinstance(value, (str, int, float)) else kind_of_value(value)
    hint = 'write hours and minutes: "22:00"'
    if value == "24:00":
        hint = 'write "00:00": the day begins and ends there'
    elif isinstance(value, str) and _ONE_DIGIT.fullmatch(value):
        hint = f'write the hour with two digits: "0{value}"'
    raise refuse(Fault(f"{wrote} is no time of day", hint))


def _zone(value: object) -> str:
    if not isinstance(value, str):
        raise refuse(
            Fault(f"a time zone must be a name, not {kind_of_value(value)}", "write `Asia/Seoul` or `UTC`")
        )
    names = zone_names()
    if value in names:
        return value
    meant = place_of(value) or _nearest_zone(value, names)
    hint = f"did you mean `{meant}`?" if meant else "write a place, such as `Asia/Seoul`, or `UTC`"
    raise refuse(Fault(f"there is no time zone named {quoted(value)}", hint))


def _nearest_zone(value: str, names: frozenset[str]) -> str | None:
    """Return the zone of a city, or of a name that is spelled alike: never one that says how far from UTC it is."""
    places = [name for name in sorted(names) if not name.startswith("Etc/")]
    cities = {name.rpartition("/")[2].lower(): name for name in places}
    plain = value.strip().replace(" ", "_").lower()
    if any(char.isdigit() for char in plain):
        return None
    close = cities.get(plain) or nearest_word(
        plain, [name.lower() for name in places if len(name) > _ABBREVIATED]
    )
    return next((name for name in places if close and name.lower() == close.lower()), None)


class WrittenAt(Section):
    """When it was written: `time: {after: "22:00", before: "06:00", days: [sat, sun], zone: Asia/Seoul}`."""

    placeholders: ClassVar = ()

    after: Annotated[time, PlainValidator(_clock), AS_TEXT] | None = Field(
        None, description="from this time of day on, itself included"
    )
    before: Annotated[time, PlainValidator(_clock), AS_TEXT] | None = Field(
        None, description="up to this time of day, itself excluded; one before `after` is of the next day"
    )
    days: (
        Annotated[
            tuple[Annotated[str, PlainValidator(one_of("a day", _DAYS, meant=_LONG)), as_one_of(_DAYS)], ...],
            Field(strict=False, min_length=1),
            OneOrMore,
        ]
        | None
    ) = Field(None, description="days of the week: mon, tue, wed, thu, fri, sat, sun")
    zone: Annotated[str, PlainValidator(_zone), AS_TEXT] = Field(
        "UTC", description="time zone, such as Asia/Seoul"
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.model_fields_set <= {"zone"}:
            raise refuse(Fault("`time` says no time", "add `after`, `before` or `days`"))
        if self.after is not None and self.after == self.before:
            raise refuse(Fault("`after` and `before` are the same time", "delete both for the whole day"))
        return refuse_empty(self, "`time` says no time")

    def hit(self, facts: Facts) -> Answer:
        """Compare the local time at which the comment was written."""
        try:
            local = facts.now.astimezone(zone_named(self.zone))
        except OverflowError:  # at the very ends of the calendar
            return No.UNKNOWN
        if self.days is not None and _DAYS[local.weekday()] not in self.days:
            return No.MISS
        if not self._within(local.time()):
            return No.MISS
        return Holds({"time": local.strftime("%a %H:%M"), "zone": self.zone})

    def _within(self, now: time) -> bool:
        started = self.after is None or now >= self.after
        ended = self.before is not None and now >= self.before
        if self.after is not None and self.before is not None and self.before < self.after:
            return started or not ended
        return started and not ended
