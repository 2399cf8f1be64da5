"""Reads the word lists that a rules.yaml names: files beside it, or lists that come with this package."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from pathlib import Path

from moderation.rules.diagnostics import Problem
from moderation.rules.findings import Finding, suggestion
from moderation.rules.lines import Mark
from moderation.rules.source import MAX_LIST_BYTES, Source, Unusable, decode, read_bytes, whole_file
from moderation.rules.tree import Tree
from moderation.words import Entry, parse_list

BUILTIN = "builtin:"
"""How a list of this package is named: `builtin:words_en`."""

Reader = Callable[[str], bytes | str]
"""Returns the content of a file by its name in rules.yaml, or raises `Unusable`."""


@dataclass(slots=True)
class Lists:
    """The word lists of a ruleset: entries by list, text by file name, and what is wrong."""

    words: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_lists(source: Source, tree: Tree, read: Reader) -> Lists:
    """Read every list that rules.yaml names, as far as its section can be understood."""
    lists = Lists()
    named = tree.data.get("word_lists")
    for name, file in (named if isinstance(named, dict) else {}).items():
        if not isinstance(file, str) or not file:
            continue  # the schema says so
        try:
            text = decode(read(file), file, limit=MAX_LIST_BYTES)
        except Unusable as unusable:
            fault = unusable.problem
            finding = Finding(f"the word list can't be used: {fault.message}", fault.hint)
            lists.problems.append(source.problem(tree.place(("word_lists", name)), finding))
            continue
        lists.files[file] = text
        entries, problems = _parsed(text, _beside(source.file, file))
        lists.words[name] = entries
        lists.problems += problems
    return lists


def _parsed(text: str, file: str) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Parse a list; its problems are located in its own file."""
    parsed = parse_list(text)
    source = Source(file, text)
    problems = [
        source.problem(
            Mark(fault.line - 1, fault.column - 1, fault.length), Finding(fault.message, fault.hint)
        )
        for fault in parsed.problems
    ]
    return parsed.entries, problems


def _beside(rules_file: str, name: str) -> str:
    """Name a list's file as the user would, seen from where rules.yaml is."""
    return name if name.startswith(BUILTIN) else str(Path(rules_file).parent / name)


def from_disk(folder: Path) -> Reader:
    """Make a reader of files whose names are relative to a folder."""

    def read(name: str) -> bytes | str:
        return _shipped(name) if name.startswith(BUILTIN) else read_bytes(folder / name, limit=MAX_LIST_BYTES)

    return read


def given(files: Mapping[str, str]) -> Reader:
    """Make a reader of files that are at hand already; lists of this package need not be among them."""

    def read(name: str) -> bytes | str:
        if name in files:
            return files[name]
        if name.startswith(BUILTIN):
            return _shipped(name)
        raise Unusable(whole_file(name, "there is no such file", suggestion(name, files)))

    return read


def _shipped(name: str) -> bytes:
    """Return a list of this package."""
    there = {
        f"{BUILTIN}{Path(p.name).stem}": p
        for p in package_files("moderation").joinpath("data").iterdir()
        if p.name.startswith("words_")
    }
    if name not in there:
        raise Unusable(whole_file(name, "no such list comes with this package", suggestion(name, there)))
    return there[name].read_bytes()
