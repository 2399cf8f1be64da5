"""The schema of a rule of the site's own."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, StrictBool

from moderation.domain import Action
from moderation.rules.conditions import When
from moderation.rules.examples import Examples
from moderation.rules.findings import Finding, kind, one_of, refuse
from moderation.rules.languages import locale_code
from moderation.rules.sections import ActionField, Name, Section
from moderation.rules.values import ShareOrPercent, day

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
            Finding(
                f"`explain` is a sentence or one per language, not {kind(value)}",
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
        dict[Annotated[str, PlainValidator(_locale_or_any)], Annotated[str, Field(min_length=1)]],
        BeforeValidator(_sentences),
    ] = Field(default_factory=dict, description="what the author is told: a sentence, or one per language")
    status: Annotated[Status, PlainValidator(_status)] = Field(
        Status.LIVE, description="draft, shadow, live or retired"
    )
    priority: int = Field(
        0, ge=-1_000_000, le=1_000_000, description="an approving rule overrules rules of lower priority"
    )
    expires: Annotated[date, PlainValidator(day)] | None = Field(
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
