"""Turns what pydantic finds into problems with a place and plain words."""

import types
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from moderation.rules.reading.diagnostics import Problem
from moderation.rules.reading.faults import FAULT, Fault, KeyPath, nearest_word, quoted
from moderation.rules.reading.merging import Document, Part
from moderation.rules.schema.config import Rule, RulesConfig
from moderation.rules.schema.meaning import across_sections
from moderation.rules.schema.wrong_values import wrong_value
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
        yield wrong_value(error, path)


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
