"""What editors are told about a value: said beside its type, where a validator of our own reads it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

TEXT: JsonSchemaValue = {"type": "string"}
TEXTS: JsonSchemaValue = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}

AS_TEXT = WithJsonSchema(TEXT)
AS_TEXTS = WithJsonSchema(TEXTS)
AS_NUMBER_OR_TEXT = WithJsonSchema({"type": ["number", "string"]})
"""`0.1` or `10 %`."""


def as_one_of(words: Iterable[str]) -> WithJsonSchema:
    """Offer words to choose from."""
    return WithJsonSchema({"enum": [str(word) for word in words]})


@dataclass(frozen=True, slots=True)
class Before:
    """A validator that runs before those of the type, and what it takes beside what they take.

    Attributes:
        read: turns what stands in the file into what the type's own validators take.
        widen: makes, of the JSON Schema of the type, one that the validator's own forms fit too.
    """

    read: Callable[[object], object]
    widen: Callable[[JsonSchemaValue], JsonSchemaValue]

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401 - an annotation
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Validate; pydantic calls it."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe; pydantic calls it."""
        return self.widen(handler(schema))


def or_else(other: JsonSchemaValue) -> Callable[[JsonSchemaValue], JsonSchemaValue]:
    """Return what lets a schema take another form too."""
    return lambda inner: {"anyOf": [inner, other]}


def or_one_entry(inner: JsonSchemaValue) -> JsonSchemaValue:
    """Let one entry stand for a list."""
    return {"anyOf": [inner, inner["items"]]}
