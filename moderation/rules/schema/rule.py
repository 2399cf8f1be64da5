"""The schema of a rule of the site's own."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainValidator, StrictBool, model_validator
from typing_extensions import override

from moderation.domain import Action
from moderation.rules.conditions import When
from moderation.rules.messages import PLACEHOLDER
from moderation.rules.reading.faults import Fault, either_of, kind_of_value, nearest_word, one_of, refuse
from moderation.rules.schema.examples import Examples
from moderation.rules.values.comparisons import ShareOrPercent
from moderation.rules.values.dates import read_day
from moderation.rules.values.editing import AS_TEXT
from moderation.rules.values.languages import locale_code
from moderation.rules.values.sections import ActionField, Name, Section

ANY_LOCALE = ""
"""Key of an `explain` that is one sentence for everybody."""


class Status(StrEnum):
    """Where a rule is in its life."""

    DRAFT = "draft"  # checked and tested, never weighed
    SHADOW = "shadow"  # weighed and recorded, never acted on
    LIVE = "live"
    RETIRED = "retired"  # kept for the record, never weighed


def _status(value: object) -> Status:
    meant = {"on": "live", "active": "live", "off": "retired", "disabled": "retired", "test": "shadow"}
    return Status(one_of("a status", Status, meant=meant)(value))


def _sentences(value: object) -> object:
    if not isinstance(value, (str, dict)):
        raise refuse(
            Fault(
                f"`explain` is a sentence or one per language, not {kind_of_value(value)}",
                'write `explain: "…"`, or `explain: {en: "…", ko: "…"}`',
            )
        )
    return {ANY_LOCALE: value} if isinstance(value, str) else value


def _locale_or_any(value: object) -> str:
    return ANY_LOCALE if value == ANY_LOCALE else locale_code(value)


class Rule(Section):
    """A rule of the site's own."""

    name: Name = Field(description="what the rule is called in decisions and statistics")
    when: When = Field(description="what must be true of the comment; all of it")
    action: ActionField = Field(description="approve, flag, hold or reject")
    explain: Annotated[
        dict[Annotated[str, PlainValidator(_locale_or_any), AS_TEXT], Annotated[str, Field(min_length=1)]],
        BeforeValidator(_sentences),
    ] = Field(default_factory=dict, description="what the author is told: a sentence, or one per language")
    status: Annotated[Status, BeforeValidator(_status)] = Field(
        Status.LIVE, description="draft, shadow, live or retired"
    )
    priority: int = Field(
        0, ge=-1_000_000, le=1_000_000, description="an approving rule overrules rules of lower priority"
    )
    expires: Annotated[date, PlainValidator(read_day), AS_TEXT] | None = Field(
        None, description="from the start of this day on, UTC, the rule is off"
    )
    sample: ShareOrPercent = Field(1.0, description="share of the comments that the rule looks at")
    moderators_exempt: StrictBool = Field(
        default_factory=lambda data: data.get("action") is not Action.APPROVE,
        description="whether the rule passes over the site's moderators; yes unless it approves",
    )
    policy: str | None = Field(None, min_length=1, description="the site's own category for what it is about")
    owner: str | None = Field(None, min_length=1, description="who answers for the rule")
    note: str | None = Field(None, min_length=1, description="for colleagues; why the rule is there")
    examples: Examples | None = Field(None, description="comments that it must and must not catch")

    @classmethod
    @override
    def hint_for(cls, key: str) -> str:
        """Say where another key belongs: conditions of AutoModerator's stand in the rule itself."""
        plain = re.split(r"[ #(+]", key.removeprefix("~"))[0]
        if plain in When.known_keys():
            return f"conditions stand under `when`: write `when: {{{key}: …}}`"
        meant = _MEANT_KEYS.get(plain)
        return f"did you mean `{meant}`?" if meant else super().hint_for(key)

    @model_validator(mode="after")
    def _placeholders(self) -> Self:
        faults = list(_unfilled(self))
        if faults:
            raise refuse(*faults)
        return self


_MEANT_KEYS = {
    "action_reason": "note",
    "report_reason": "note",
    "comment": "explain",
    "message": "explain",
    "modmail": "note",
    "reason": "explain",
    "description": "note",
    "id": "name",
    "if": "when",
    "enabled": "status",
    "until": "expires",
}


def _unfilled(rule: Rule) -> Iterator[Fault]:
    """Find placeholders that mean nothing, or that no condition of the rule fills."""
    filled = rule.when.placeholders
    for locale, sentence in rule.explain.items():
        at = ("explain",) if locale == ANY_LOCALE else ("explain", locale)
        for found in PLACEHOLDER.finditer(sentence):
            name = found[1].strip().lower()
            if name not in filled:
                yield Fault(*_why_not(name, filled), at, part=found[0])


def _why_not(name: str, filled: Collection[str]) -> tuple[str, str]:
    hint = f"use {either_of(f'{{{{{one}}}}}' for one in sorted(filled))}" if filled else "delete it"
    if name in {"match", "limit", "score"} or name.startswith("match-"):
        return f"no condition of this rule says what `{{{{{name}}}}}` is", hint
    close = nearest_word(name, filled)
    return f"there is no placeholder `{{{{{name}}}}}`", f"did you mean `{{{{{close}}}}}`?" if close else hint
