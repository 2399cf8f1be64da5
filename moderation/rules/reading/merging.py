"""Values of several files as one, each of which knows where it stands."""

from dataclasses import dataclass
from posixpath import dirname
from typing import Any

from moderation.rules.reading.diagnostics import Problem
from moderation.rules.reading.faults import Fault, KeyPath
from moderation.rules.reading.lines import Mark
from moderation.rules.reading.source import SourceText
from moderation.rules.reading.tree import Tree

_LISTS = "word_lists"
_RULES = "rules"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One file.

    Attributes:
        name: seen from the folder of rules.yaml; empty for a rules.yaml that came as text.
        source: its text.
        tree: its values.
    """

    name: str
    source: SourceText
    tree: Tree

    @property
    def folder(self) -> str:
        """Where it lies, seen from the folder of rules.yaml; empty if it lies there."""
        return dirname(self.name)


Origin = tuple[Part, KeyPath]


@dataclass(slots=True)
class Document:
    """The values of one file or of several, merged.

    Attributes:
        data: plain dicts, lists, strings, numbers, booleans and `None`.
        origins: where values come from, by the path that leads to them; what is not listed comes with what holds it.
    """

    data: dict[str, Any]
    origins: dict[KeyPath, Origin]

    def origin(self, path: KeyPath) -> Origin:
        """Find the file that a value stands in, and its path there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                part, local = self.origins[path[:length]]
                return part, (*local, *path[length:])
        raise KeyError(path)

    @property
    def file(self) -> str:
        """The rules.yaml, as the user named it."""
        return self.origins[()][0].source.file

    def line(self, path: KeyPath) -> tuple[str, int]:
        """Return the file that a value stands in, as the user would name it, and the line there, from 1."""
        part, local = self.origin(path)
        return part.source.file, part.tree.place(local).line + 1

    def problem(self, fault: Fault) -> Problem:
        """Locate a fault."""
        part, mark = self.place(fault)
        return part.source.problem(mark, fault)

    def place(self, fault: Fault) -> tuple[Part, Mark]:
        """Find what a fault points at."""
        part, path = self.origin(fault.at)
        return part, part.source.narrowed(part.tree.place(path, key=fault.key), fault.part)


def document_of(part: Part) -> Document:
    """Make a document of one file."""
    data = dict(part.tree.data)
    origins: dict[KeyPath, Origin] = {(): (part, ())}
    for key, value in data.items():
        origins[key,] = (part, (key,))
        places = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        origins |= {(key, place): (part, (key, place)) for place in places}
    return Document(data, origins)


def add_included(document: Document, other: Document) -> None:
    """Add the rules and lists of an included file."""
    lists = {**_map(other.data, _LISTS), **_map(document.data, _LISTS)}
    for name in _map(other.data, _LISTS):
        document.origins.setdefault((_LISTS, name), other.origin((_LISTS, name)))
    _replace(document, _LISTS, lists, other)
    _set_rules(document, [*_rules(document), *_rules(other)], other)


def lay_over(own: Document, base: Document) -> Document:
    """Lay a file over the one that it extends: its keys replace the base's, within sections too; rules by name."""
    merged = Document(dict(base.data), dict(base.origins))
    merged.origins[()] = own.origins[()]
    for key in ("include", "extends"):
        merged.data.pop(key, None)
    for key, value in own.data.items():
        under = base.data.get(key)
        if key == _RULES:
            continue
        if isinstance(value, dict) and isinstance(under, dict):
            merged.data[key] = {**under, **value}
        else:
            merged.data[key] = value
            merged.origins = {path: origin for path, origin in merged.origins.items() if path[:1] != (key,)}
        merged.origins |= {path: origin for path, origin in own.origins.items() if path[:1] == (key,)}
    names = {name for rule, _ in _rules(own) if (name := _name(rule)) is not None}
    kept = [one for one in _rules(base) if _name(one[0]) not in names]
    _set_rules(merged, [*kept, *_rules(own)], own)
    return merged


_Placed = tuple[Any, Origin]


def _rules(document: Document) -> list[_Placed]:
    rules = document.data.get(_RULES)
    return [
        (rule, document.origin((_RULES, place)))
        for place, rule in enumerate(rules if isinstance(rules, list) else [])
    ]


def _set_rules(document: Document, rules: list[_Placed], other: Document) -> None:
    if not rules:
        return
    _replace(document, _RULES, [rule for rule, _ in rules], other)
    document.origins |= {(_RULES, place): origin for place, (_, origin) in enumerate(rules)}


def _replace(document: Document, key: str, value: Any, other: Document) -> None:  # noqa: ANN401 - YAML holds anything
    """Set a key that two files may have; what is no list or map stays, for the schema to refuse."""
    there = document.data.get(key)
    if value and (there is None or type(there) is type(value)):
        document.data[key] = value
        document.origins.setdefault((key,), other.origin((key,)))


def _name(rule: object) -> str | None:
    name = rule.get("name") if isinstance(rule, dict) else None
    return name if isinstance(name, str) else None


def _map(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}
