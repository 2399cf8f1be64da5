"""A rules.yaml with what it includes and extends: one tree of values, of which each knows where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moderation.rules.reading.diagnostics import Problem
from moderation.rules.reading.faults import Fault, KeyPath, either_of, quoted, suggestion
from moderation.rules.reading.files import (
    Files,
    PathOutsideError,
    is_pattern,
    name_for_users,
    name_from_rules_folder,
)
from moderation.rules.reading.merging import Document, Part, add_included, document_of, lay_over
from moderation.rules.reading.source import MAX_BYTES, SourceText, Unusable, decode_text

INCLUDABLE = ("version", "include", "rules", "word_lists")
"""Keys that may stand in an included file."""

MOST_FILES = 200
"""Files that one ruleset may consist of."""


@dataclass(slots=True)
class Reading:
    """Reads a rules.yaml and everything that it includes and extends.

    Attributes:
        main: the rules.yaml.
        files: where the others are read from.
        texts: what was read, by name.
        problems: what is wrong with the files themselves, and with how they fit together.
        parts: the files that could be read.
    """

    main: SourceText
    files: Files
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def document(self) -> Document:
        """Return all values.

        Raises:
            Unusable: the rules.yaml itself is no YAML, or no map; `problem` says why.
        """
        return self._whole(Part(self.files.main or "", self.main, self.main.tree()), ())

    def _whole(self, part: Part, stack: tuple[str, ...]) -> Document:
        """Read what a file includes, and what it extends."""
        own = self._with_included(part, stack)
        base = part.tree.data.get("extends")
        if not isinstance(base, str) or not base:
            return own
        name = self._located(part, ("extends",), base)
        found = self._read(part, ("extends",), name, (*stack, part.name)) if name else None
        return lay_over(own, self._whole(found, (*stack, part.name))) if found else own

    def _with_included(self, part: Part, stack: tuple[str, ...]) -> Document:
        """Add the rules and lists of included files to those of a file."""
        self.parts.append(part)
        document = document_of(part)
        for path, entry in _included(part.tree.data):
            for name in self._names(part, path, entry):
                found = self._read(part, path, name, (*stack, part.name))
                if found is not None:
                    self._refuse_settings(found)
                    self._join(document, self._with_included(found, (*stack, part.name)))
        return document

    def _names(self, part: Part, path: KeyPath, entry: str) -> list[str]:
        """List the files that an entry of `include` stands for."""
        name = self._located(part, path, entry)
        if name is None or not is_pattern(entry):
            return [name] if name else []
        found = [other for other in self.files.matching(name) if other != part.name]
        if not found:
            self._report(
                part, path, Fault(f"no file matches {quoted(entry)}", "check the path, or delete it")
            )
        return found

    def _located(self, part: Part, path: KeyPath, name: str) -> str | None:
        try:
            return name_from_rules_folder(part.folder, name)
        except PathOutsideError as error:
            self._report(part, path, error.fault)
            return None

    def _read(self, part: Part, path: KeyPath, name: str, stack: tuple[str, ...]) -> Part | None:
        """Read a file that another one names; `None` if it can't be used, or was read already."""
        if name in stack:
            fault = Fault(f"{quoted(name)} leads back to itself", "delete this, or what leads here")
            self._report(part, path, fault)
        if name in stack or name in self.texts:
            return None
        if len(self.texts) >= MOST_FILES:
            self._report(part, path, Fault(f"more than {MOST_FILES} files are too many", "put some together"))
            return None
        try:
            text = decode_text(self.files.read(name, limit=MAX_BYTES), name, limit=MAX_BYTES)
        except Unusable as unusable:
            problem = unusable.problem
            hint = f"write `{name}/*.yaml` for the files in it" if unusable.folder else problem.hint
            fault = Fault(f"{quoted(name)} can't be used: {problem.message}", hint)
            self._report(part, path, fault)
            return None
        self.texts[name] = text
        source = SourceText(name_for_users(self.main.file, name), text)
        try:
            return Part(name, source, source.tree())
        except Unusable as unusable:
            self.problems.append(unusable.problem)
            return None

    def _refuse_settings(self, part: Part) -> None:
        """Refuse what only stands in a rules.yaml, and another version of the format."""
        version = part.tree.data.get("version", 1)
        if version != 1 or version is True:
            fault = Fault(
                f"this release reads version 1 of the format, not {quoted(version)}", "write `version: 1`"
            )
            self._report(part, ("version",), fault)
        for key in part.tree.data:
            if key in INCLUDABLE:
                continue
            close = suggestion(key, INCLUDABLE)
            hint = (
                close if close.startswith("did") else "move it to rules.yaml, or use `extends` for this file"
            )
            message = f"only {either_of(INCLUDABLE)} stand in a file that is included, not {quoted(key)}"
            self.problems.append(part.source.problem(part.tree.place((key,), key=True), Fault(message, hint)))

    def _join(self, document: Document, other: Document) -> None:
        """Add an included file's rules and lists; a list that is there already is a mistake."""
        there = document.data.get("word_lists")
        here = other.data.get("word_lists")
        for name in here if isinstance(here, dict) else ():
            if isinstance(there, dict) and name in there:
                part, path = other.origin(("word_lists", name))
                elsewhere = document.origin(("word_lists", name))[0].source.file
                fault = Fault(
                    f"{elsewhere} has a word list named {quoted(name)} too", "rename one of the two"
                )
                self.problems.append(part.source.problem(part.tree.place(path, key=True), fault))
        add_included(document, other)

    def _report(self, part: Part, path: KeyPath, fault: Fault) -> None:
        self.problems.append(part.source.problem(part.tree.place(path), fault))


def _included(data: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Yield the entries of `include`, as far as they can be understood."""
    entries = data.get("include")
    if isinstance(entries, str) and entries:
        yield ("include",), entries
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, str) and entry:
            yield ("include", place), entry
