"""A JSON Schema of rules.yaml: what editors complete and underline by."""

from enum import Enum

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from typing_extensions import override

from moderation.rules.conditions.keys import FIELDS, MODIFIERS
from moderation.rules.schema.config import RulesConfig
from moderation.rules.values.editing import TEXT, TEXTS
from moderation.rules.values.failures import OnFailure
from moderation.rules.values.sections import ActionField

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FEW = 20


def json_schema() -> JsonSchemaValue:
    """Describe rules.yaml as a JSON Schema of 2020-12.

    It accepts every ruleset that `rules check` accepts, and refuses unknown keys and values of the wrong kind.
    Whatever it can't say (thresholds that must rise, word lists that must exist), `rules check` does.
    """
    schema = RulesConfig.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions = schema["$defs"]
    for name in ("When", "AuthorIs"):
        _add_text_keys(definitions[name], name)
    for check in OnFailure.model_fields:
        _widen(definitions["OnFailure"], check, TypeAdapter(ActionField).json_schema())
    _widen(definitions["Rule"], "explain", {**TEXT, "minLength": 1})
    _widen(definitions["When"], "author", TEXTS)
    _widen(definitions["When"], "repeated", TEXT)
    _widen(definitions["When"], "reports", {"type": "integer", "minimum": 0})
    for section in ("rules", "word_lists"):  # may stand there with nothing behind them
        schema["properties"][section]["type"] = [schema["properties"][section]["type"], "null"]
    return {"$schema": _DIALECT, **schema, "title": "rules.yaml"}


def _widen(section: JsonSchemaValue, key: str, other: JsonSchemaValue) -> None:
    """Let a key take something else too; what is said about it stays."""
    value = section["properties"][key]
    said = {word: value.pop(word) for word in ("description", "default") if word in value}
    section["properties"][key] = {"anyOf": [value, other], **said}


def _add_text_keys(section: JsonSchemaValue, name: str) -> None:
    """Let a map take text conditions, with their modifiers, beside its fixed keys."""
    fixed = {key: value for key, value in section["properties"].items() if key.isprintable()}
    fields = FIELDS if name == "When" else ("name",)
    said = {"description": "text that must stand there: one, or any of several"}
    section["properties"] = {**{field: {**TEXTS, **said} for field in fields}, **fixed}
    names = "|".join(field.replace(".", r"\.") for field in fields)
    words = "|".join(MODIFIERS)
    tail = rf"(\s*\+\s*({names}))*\s*(#[^\s(]*)?\s*(\(\s*({words})(\s*,\s*({words}))*\s*\))?\s*$"
    section["patternProperties"] = {rf"^~?\s*({names}){tail}": TEXTS}
    if name == "When":  # short for `author.name`, but on its own, which may be a map
        section["patternProperties"][rf"^(~\s*author|author(?=\s*[#(+])){tail}"] = TEXTS


class _Generator(GenerateJsonSchema):
    """Says what an editor needs to know, and nothing about what pydantic allows beside it."""

    @override
    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Name the keys where there are few to choose from, so that an editor offers them."""
        keys, value = self.generate_inner(schema["keys_schema"]), self.generate_inner(schema["values_schema"])
        options = keys.get("enum", [])
        if 0 < len(options) <= _FEW:
            return {
                "type": "object",
                "properties": dict.fromkeys(options, value),
                "additionalProperties": False,
            }
        return {"type": "object", "additionalProperties": value, **({"propertyNames": keys} if keys else {})}

    @override
    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: a key without a value is refused."""
        return self.generate_inner(schema["schema"])

    @override
    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner, default = self.generate_inner(schema["schema"]), schema.get("default")
        plain = default.value if isinstance(default, Enum) else default
        return {**inner, "default": plain} if isinstance(plain, (str, int, float)) else inner
