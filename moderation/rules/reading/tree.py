"""YAML nodes turned into plain values, with the place of every key and value."""

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from moderation.rules.reading.faults import Fault, KeyPath, quoted
from moderation.rules.reading.lines import Lines, Mark
from moderation.rules.reading.scalars import SCALARS

_CORE = "tag:yaml.org,2002:"
MAY_BE_A_WORD = "may be a word, or mean true or false"
"""How the fault of an unquoted `yes` or `no` ends: by it, readers of older YAML tell what is no fault there."""

_AMBIGUOUS = frozenset({"yes", "no", "on", "off", "y", "n"})
_STRANGE = re.compile(r"[\u00A0\u00AD\u1680\u2000-\u200F\u2028-\u202F\u205F-\u2064\u3000\uFEFF]")
_CURLY = re.compile(
    r"[“”„‟«»‘’‚‛].*[“”„‟«»‘’‚‛]", re.DOTALL
)  # what a chat or a text document makes of quotes
_MAX_VALUES = 20_000  # aliases of aliases multiply; no ruleset written by hand comes near
_MAX_DEPTH = 60  # conditions in conditions; they are weighed by recursion
_TEXTS = frozenset({"body", "author.name", "name", "thread", "links.domain"})
_MAY_BE_EMPTY: frozenset[KeyPath] = frozenset({("rules",), ("word_lists",)})


class TooManyValuesError(Exception):
    """Aliases expand to more values than a ruleset can have."""


@dataclass(slots=True)
class Tree:
    """The values of a YAML file, and where they stand.

    Attributes:
        data: plain dicts, lists, strings, numbers, booleans and `None`.
        values: where the value at each path stands.
        keys: where the key at each path stands.
        found: what is wrong with the YAML itself, in terms of places.
    """

    data: Any = None
    values: dict[KeyPath, Mark] = field(default_factory=dict)
    keys: dict[KeyPath, Mark] = field(default_factory=dict)
    found: list[tuple[Mark, Fault]] = field(default_factory=list)

    def place(self, path: KeyPath, *, key: bool = False) -> Mark:
        """Find where to point at: the value itself if it stands on one line, else its key.

        Parts of a path that are not in the file are passed over: pydantic's own, missing keys.
        """
        there: KeyPath = ()
        for part in path:
            if (*there, part) in self.values:
                there = (*there, part)
        value = self.values.get(there, Mark(0, 0))
        if there in self.keys and (key or not value.length):
            return self.keys[there]
        return Mark(value.line, value.column, max(1, value.length))


def build_tree(root: Node, lines: Lines) -> Tree:
    """Turn composed nodes into a tree.

    Raises:
        TooManyValuesError: aliases multiply beyond any sensible ruleset.
    """
    tree = Tree()
    tree.data = _Builder(tree, lines).value(root, ())
    return tree


def _to_write(path: KeyPath) -> str:
    """Say what to write where nothing stands; `{links > 2}` is a key without a value."""
    key = re.fullmatch(r"([\w.]+)\s*([<>=]+.*)", str(path[-1])) if path else None
    return f'write `{key[1]}: "{key[2]}"`' if key else "write a value, or delete the line"


class _Builder:
    def __init__(self, tree: Tree, lines: Lines) -> None:
        self._tree = tree
        self._lines = lines
        self._open: set[int] = set()  # nodes being built: an alias inside its own anchor never ends

    def value(self, node: Node, path: KeyPath) -> Any:  # noqa: ANN401 - YAML holds anything
        self._tree.values[path] = self._mark(node)
        if len(self._tree.values) > _MAX_VALUES:
            raise TooManyValuesError
        if len(path) > _MAX_DEPTH:
            raise RecursionError
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if id(node) in self._open:
            self._report(
                self._mark(node), "an alias stands inside the value that it names", "write the value out"
            )
            return None
        self._open.add(id(node))
        built = self._map(node, path) if isinstance(node, MappingNode) else self._list(node, path)
        self._open.discard(id(node))
        if node.tag not in {f"{_CORE}map", f"{_CORE}seq"}:
            self._report_tag(node)
        return built

    def _list(self, node: Node, path: KeyPath) -> list[Any]:
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _map(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == f"{_CORE}merge":
                built = {**self._merged(value_node, path), **built}
        first: dict[str, Mark] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in first:
                self._report_twice(key_node, first[key], path)
            elif key is not None:
                first[key] = self._tree.keys[(*path, key)] = self._mark(key_node)
                built[key] = self.value(value_node, (*path, key))
        return built

    def _merged(self, node: Node, path: KeyPath) -> dict[str, Any]:
        """Read what `<<: *anchor` brings in; the map's own keys win, then the first of several."""
        merged: dict[str, Any] = {}
        for source in reversed(node.value) if isinstance(node, SequenceNode) else [node]:
            if not isinstance(source, MappingNode) or id(source) in self._open:
                self._report(self._mark(node), "`<<` takes an alias of a map", "write `<<: *name`")
                continue
            self._open.add(id(source))
            merged.update(self._map(source, path))
            self._open.discard(id(source))
        return merged

    def _key(self, node: Node) -> str | None:
        if node.tag == f"{_CORE}merge":
            return None
        if isinstance(node, ScalarNode):
            self._check_ambiguous(node)
            if strange := _STRANGE.search(node.value):
                self._report(
                    self._mark(node),
                    f"the character U+{ord(strange[0]):04X}, which nobody sees, stands in this key",
                    "delete it, and indent with ordinary spaces; it comes with text from web pages",
                )
            return str(node.value)
        self._report(
            self._mark(node), "a key must be a word, not a list or a map", "put it in quotes if it is text"
        )
        return None

    def _scalar(self, node: ScalarNode, path: KeyPath) -> Any:  # noqa: ANN401 - text, number, boolean or nothing
        convert = SCALARS.get(str(node.tag).removeprefix(_CORE))
        if convert is None:
            self._report_tag(node)
            return node.value
        self._check_ambiguous(node)
        try:
            value = convert(node.value)
        except ValueError:
            self._report(
                self._mark(node), f"{quoted(node.value)} is no number", "put it in quotes if it is text"
            )
            return node.value
        if value is None and path not in _MAY_BE_EMPTY:
            mark = self._tree.place(path)
            comment = " #" in self._lines[mark.line][mark.column :]
            hint = "a `#` after a blank begins a comment: put it in quotes if it belongs to the value"
            self._report(mark, "no value stands here", hint if comment else _to_write(path))
        return value

    def _check_ambiguous(self, node: ScalarNode) -> None:
        if node.style is None and node.value.lower() in _AMBIGUOUS:
            self._report(
                self._mark(node),
                f"an unquoted {quoted(node.value)} {MAY_BE_A_WORD}",
                f'write "{node.value}" for the word, else `true` or `false`',
            )
        if node.style is None and _CURLY.fullmatch(node.value):
            inner = node.value[1:-1].replace('"', "")
            self._report(
                self._mark(node),
                "curly quotes are no quotes in YAML, but part of the text",
                f'write "{inner}"',
            )

    def _report_twice(self, node: Node, first: Mark, path: KeyPath) -> None:
        numbered = f"; a second condition on the same text is `{node.value}#2`"
        self._report(
            self._mark(node),
            f"{quoted(node.value)} stands in this map twice: first in line {first.line + 1}, column {first.column + 1}",
            "delete one of the two, or put the entries of both under one key"
            + (numbered if "when" in path and node.value in _TEXTS else ""),
        )

    def _report_tag(self, node: Node) -> None:
        tag = str(node.tag).replace(_CORE, "!!")
        self._report(self._mark(node), f"tags such as {quoted(tag)} are not used here", "delete the tag")

    def _report(self, mark: Mark, message: str, hint: str) -> None:
        self._tree.found.append((mark, Fault(message, hint)))

    def _mark(self, node: Node) -> Mark:
        """Place a node; length 0 says that it is no value on one line: a map, a list, a block of text."""
        start, end = node.start_mark.index, node.end_mark.index
        return self._lines.mark(start, end if isinstance(node, ScalarNode) else start)
