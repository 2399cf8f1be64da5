"""A value that can't stand where it does, in plain words, and what to write instead."""

import re

from pydantic_core import ErrorDetails

from moderation.rules.reading.faults import Fault, KeyPath, kind_of_value, quoted

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


def wrong_value(error: ErrorDetails, path: KeyPath) -> Fault:
    """Say what is wrong with a value, and what to write instead.

    Args:
        error: what pydantic says of it.
        path: where it stands.
    """
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
