"""Writes rules as YAML that people go on editing."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString

_WIDTH = 1_000_000  # a folded pattern can not be read
_PLAIN = re.compile(r"~?[A-Za-z_][\w .,()/+#-]*", re.ASCII)  # needs no quotes, unless it is one of these
_WORDS = {"yes", "no", "on", "off", "y", "n", "true", "false", "null"}
_SHORT = 80  # columns of a map or list that stands on one line


def write_rules(document: Mapping[str, Any]) -> str:
    """Write a map of plain values: short maps and lists on one line, long text as a block."""
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(_map(document, top=True), stream)
    return stream.getvalue()


def _styled(value: Any, *, top: bool = False) -> Any:  # noqa: ANN401 - plain values in, ruamel's out
    if isinstance(value, Mapping):
        return _map(value, top=top)
    if isinstance(value, str):
        return _text(value)
    return _list(value) if isinstance(value, Sequence) else value


def _map(value: Mapping[str, Any], *, top: bool = False) -> CommentedMap:
    styled = CommentedMap({_text(key): _styled(inner) for key, inner in value.items()})
    if not top and _is_short(value):
        styled.fa.set_flow_style()
    return styled


def _list(value: Sequence[Any]) -> CommentedSeq:
    """Put a list of words on one line if it fits; each map in a list begins a paragraph of its own."""
    has_maps = any(isinstance(inner, Mapping) for inner in value)
    styled = CommentedSeq(_styled(inner, top=has_maps) for inner in value)
    if not has_maps and _is_short(value):
        styled.fa.set_flow_style()
    return styled


def _is_short(value: Any) -> bool:  # noqa: ANN401 - plain values
    return len(repr(value)) <= _SHORT and "\\n" not in repr(value)


def _text(text: str) -> Any:  # noqa: ANN401 - ruamel's kinds of text
    """Quote whatever could be taken for something else: a pattern in single quotes, for its backslashes."""
    if "\n" in text and text == text.strip() and all(map(_stands_in_block, text.split("\n"))):
        return LiteralScalarString(text)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and text == text.strip() and " #" not in text:
        return text
    if "\\" in text and "'" not in text and text.isprintable():
        return SingleQuotedScalarString(text)
    return DoubleQuotedScalarString(text)


def _stands_in_block(line: str) -> bool:
    return line.isprintable() and line == line.rstrip()
