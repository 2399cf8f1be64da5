"""What the sections of rules.yaml are built from: strict frozen models, and words from fixed sets."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from moderation.domain import ATTRIBUTES, UNDETERMINED, Action
from moderation.rules.reading.faults import Fault, one_of, quoted, refuse, suggestion
from moderation.rules.values.editing import AS_TEXT, Before, as_one_of, or_else, or_one_entry
from moderation.rules.values.languages import CODES, found_language, language_code, locale_code

AUTOMODERATOR = {"remove": "reject", "spam": "reject", "filter": "hold", "report": "flag"}
"""AutoModerator's words for actions, and ours."""
_NEARLY = {
    **AUTOMODERATOR,
    "allow": "approve",
    "accept": "approve",
    "publish": "approve",
    "queue": "hold",
    "review": "hold",
    "delete": "reject",
    "deny": "reject",
    "block": "reject",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Section(BaseModel):
    """A part of rules.yaml: unknown keys and values of the wrong kind are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @classmethod
    def known_keys(cls) -> list[str]:
        """List the keys that may stand here."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def hint_for(cls, key: str) -> str:
        """Say what to write instead of a key that is unknown here."""
        return suggestion(key, cls.known_keys())


def action_named(value: object) -> Action:
    """Take the name of an action, ours or AutoModerator's."""
    ours = AUTOMODERATOR.get(value, value) if isinstance(value, str) else value
    return Action(one_of("an action", Action, meant=_NEARLY)(ours))


def _name(value: object) -> str:
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    example = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")[:64]
    hint = f"write `{example}`" if example else "write a name such as `many-links`"
    raise refuse(
        Fault(f"{quoted(value)} is no name: names are made of `a-z`, `0-9`, `-` and `_`, 64 at most", hint)
    )


def _off(value: object) -> object:
    return None if value is False else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


ActionField = Annotated[
    Action, PlainValidator(action_named), as_one_of([*(action.value for action in Action), *AUTOMODERATOR])
]
Name = Annotated[str, PlainValidator(_name), AS_TEXT]
Attribute = Annotated[str, PlainValidator(one_of("an attribute", ATTRIBUTES)), as_one_of(ATTRIBUTES)]
LanguageCode = Annotated[str, PlainValidator(language_code), as_one_of(sorted(CODES))]
FoundLanguage = Annotated[str, PlainValidator(found_language), as_one_of([*sorted(CODES), UNDETERMINED])]
Locale = Annotated[str, PlainValidator(locale_code), AS_TEXT]
Share = Annotated[float, Field(ge=0, le=1)]
Off = Before(_off, or_else({"const": False}))
"""Lets `false` switch a setting off, where its type allows `None`."""

OneOrMore = Before(_listed, or_one_entry)
"""Lets a single word stand for a list of one."""
