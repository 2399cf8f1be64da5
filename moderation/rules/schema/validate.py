"""Turns what pydantic finds into problems with a place and plain words."""

import re
import types
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from moderation.rules.reading.diagnostics import Problem
from moderation.rules.reading.faults import FAULT, Fault, KeyPath, kind_of_value, nearest_word, quoted
from moderation.rules.reading.merging import Document, Part
from moderation.rules.schema.config import Rule, RulesConfig
from moderation.rules.schema.meaning import across_sections
from moderation.rules.values.sections import Section

_KEY = "[key]"  # how pydantic marks an error of a key
_Model = TypeVar("_Model", bound=BaseModel)


def validate_rules(
    document: Document, parts: Iterable[Part], today: date
) -> tuple[RulesConfig | None, list[Problem]]:
    """Check values against the schema: the config if they fit, and every problem as of `today`."""
    return fit_to_schema(RulesConfig, document, parts, across_sections(document.data, today))


def fit_to_schema(
    schema: type[_Model], document: Document, parts: Iterable[Part], more: Iterable[Fault] = ()
) -> tuple[_Model | None, list[Problem]]:
    """Check values against any schema.

    Args:
        schema: what they must fit.
        document: the values, and their places.
        parts: the files that they stand in.
        more: what else is wrong with them.

    Returns:
        The model if they fit, and every problem.
    """
    yaml = [(part, mark, fault) for part in parts for mark, fault in part.tree.found]
    problems = [part.source.problem(mark, fault) for part, mark, fault in yaml]
    explained = {(part, mark) for part, mark, _ in yaml}
    model = None
    found: list[Fault] = []
    try:
        model = schema.model_validate(document.data)
    except ValidationError as error:
        mistakes = _each_mistake_once(error.errors(include_url=False), schema)
        found = [fault for mistake in mistakes for fault in _faults(mistake, schema)]
    found += more
    problems += [document.problem(fault) for fault in found if document.place(fault) not in explained]
    return model, problems


def _each_mistake_once(errors: list[ErrorDetails], schema: type[BaseModel]) -> list[ErrorDetails]:
    """Leave out what only follows from another mistake.

    That is a missing key beside an unknown one that is its misspelling, a default computed from a faulty
    value, a list that is short of its faulty entries, and an empty value, which the tree reports.
    """
    misspelt = {
        (*e["loc"][:-1], nearest_word(str(e["loc"][-1]), _section_at(schema, e["loc"][:-1]).known_keys()))
        for e in errors
        if e["type"] == "extra_forbidden"
    }
    return [
        e
        for e in errors
        if (e["type"] == "missing" and e["loc"] not in misspelt)
        or (e["type"] == "too_short" and not e["input"])
        or (
            e["type"] not in {"missing", "too_short", "default_factory_not_called"} and e["input"] is not None
        )
    ]


def _faults(error: ErrorDetails, schema: type[BaseModel] = RulesConfig) -> Iterator[Fault]:
    path: KeyPath = error["loc"]
    at_key = bool(path) and path[-1] == _KEY
    path = path[:-1] if at_key else path
    if error["type"] == FAULT:
        for fault in error["ctx"]["faults"]:
            key = at_key or fault.key
            yield replace(fault, at=(*path, *fault.at), key=key)
    elif error["type"] == "extra_forbidden":
        yield _unknown_key(path, schema)
    elif error["type"] == "missing":
        yield Fault(f"`{path[-1]}` is missing here", _EXAMPLES.get(str(path[-1]), ""), path[:-1], key=True)
    else:
        yield _wrong_value(error, path)


def _unknown_key(path: KeyPath, schema: type[BaseModel]) -> Fault:
    key = str(path[-1])
    if "when" in path and key in Rule.model_fields:
        return Fault(
            f"unknown key {quoted(key)}",
            f"`{key}` stands beside `when`, not in it: indent it less",
            path,
            key=True,
        )
    return Fault(f"unknown key {quoted(key)}", _section_at(schema, path[:-1]).hint_for(key), path, key=True)


_EXAMPLES = {
    "version": "begin the file with `version: 1`",
    "name": "give the rule a name, such as `name: many-links`",
    "when": 'say when the rule fires, such as `when: {links: "> 2"}`',
    "text": "say what was written, such as `text: Hello`",
    "action": "say what happens: `approve`, `flag`, `hold` or `reject`",
}


def _wrong_value(error: ErrorDetails, path: KeyPath) -> Fault:
    value, context = error["input"], error.get("ctx", {})
    if wanted := _WANTED.get(error["type"]):
        is_one = isinstance(value, bool) or not isinstance(value, (int, float))
        wrote = kind_of_value(value) if is_one else quoted(value)
        return Fault(f"{wanted} must stand here, not {wrote}", _correction(error["type"], value, path), path)
    limit = next((word for word in _LIMITS if word in context), None)
    if limit:
        message = f"{quoted(value)} must be {_LIMITS[limit]} {_plain(context[limit])}"
        return Fault(message, _nearer(value, limit, context[limit]), path)
    if "min_length" in context:
        return Fault("this is empty", "write a value, or delete the line", path)
    return Fault(f"{quoted(value)} can't stand here: {error['msg'].lower()}", "write another value", path)


_LEAST_PERCENT, _ALL_PERCENT = 2, 100
_LIMITS = {"ge": "at least", "le": "at most"}
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "`true` or `false`",
    "dict_type": "a map of `key: value`",
    "model_type": "a map of `key: value`",
    "tuple_type": "a list",
}


def _correction(error_type: str, value: object, path: KeyPath) -> str:
    """Say how to write a value that is of the wrong kind."""
    if error_type == "tuple_type":
        return _as_list(value, path)
    if error_type in {"dict_type", "model_type"}:
        return "take away the `- `" if isinstance(value, list) else _as_map(str(value), path)
    if error_type == "string_type":
        if isinstance(value, list) and path[:1] == ("word_lists",):
            return "write the words into a file, one a line, and its name here, such as `lists/words.txt`"
        return "put it in quotes if it is meant as text"
    fits = isinstance(value, str) and re.fullmatch(r"\s*[-+]?[\d._]+\s*|true|false", value)
    return "write it without quotes" if fits else f"write {_WANTED[error_type]}"


def _as_map(value: str, path: KeyPath) -> str:
    """Say how text becomes a map: what was left out is mostly a space, or quotes."""
    if compared := re.fullmatch(r"([\w.]+)\s*([<>=]+.*)", value):
        return f'write `{{{compared[1]}: "{compared[2]}"}}`'
    if pair := re.fullmatch(r"(\w+):(\S.*)", value):
        return f"put a space after the colon: `{pair[1]}: {pair[2]}`"
    if path == ("language",):
        return f"write `language: {{expected: [{value}]}}`"
    return "write `key: value` on indented lines, or in { }"


def _as_list(value: object, path: KeyPath) -> str:
    if not isinstance(value, dict):
        return f"write `[{value}]`"
    if path[-1:] == ("rules",) and "name" not in value:
        return f"begin each rule with `- name: `, as in `- name: {next(iter(value), 'many-links')}`"
    return "begin each entry with `- `, or write them in [ ]"


def _nearer(value: object, limit: str, bound: float) -> str:
    """Say what is within bounds; of a share, what the number would be if it was meant as a percentage."""
    if (
        bound == 1
        and limit == "le"
        and isinstance(value, (int, float))
        and _LEAST_PERCENT <= value <= _ALL_PERCENT
    ):
        return f"shares go from 0 to 1: write {value / _ALL_PERCENT:g} for {value:g} %"
    return f"write {_plain(bound)} or {'more' if limit == 'ge' else 'less'}"


def _plain(number: float) -> str:
    """Write a number with all its digits, as it can stand in a file."""
    return str(number) if isinstance(number, int) else f"{number:g}"


def _section_at(schema: type[BaseModel], path: KeyPath) -> type[Section]:
    """Find the section of a schema that stands at a path."""
    annotation: Any = schema
    for part in path:
        annotation = _inside(_bare(annotation), part)
    section: type[Section] = _bare(annotation)
    return section


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - an annotation
    """Take `Annotated`, `| None` and models of a single value off."""
    while True:
        if get_origin(annotation) in {Annotated, Union, types.UnionType}:
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, type) and issubclass(annotation, RootModel):
            annotation = annotation.model_fields["root"].annotation
        else:
            return annotation


def _inside(annotation: Any, part: str | int) -> Any:  # noqa: ANN401 - an annotation
    """Follow one key or list position."""
    if get_origin(annotation) is None:
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return fields[str(part)].annotation
    return get_args(annotation)[1 if get_origin(annotation) is dict else 0]
