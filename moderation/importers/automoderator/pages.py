"""A subreddit's AutoModerator page, taken apart into its rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moderation.rules.reading.faults import KeyPath
from moderation.rules.reading.source import SourceText, Unusable
from moderation.rules.reading.tree import MAY_BE_A_WORD, Tree

_KEY = re.compile(
    r"(?P<not>~?)\s*(?P<fields>[^\s#(~]+)\s*(?:\((?P<before>[^()]*)\))?\s*(?:#[^\s(]*)?\s*(?:\((?P<after>[^()]*)\))?\s*"
)
_TEXT = re.compile(r"\w")
_BLANKS = re.compile(
    r"^[ \t]+$", re.MULTILINE
)  # in the first line of a block of text, 1.2 takes them for indentation
_FRAME = " \t#=*~_-"  # what comments are drawn with


@dataclass(frozen=True, slots=True)
class PageKey:
    """A key such as `~title+body#2 (regex, includes)`.

    Attributes:
        fields: what is looked at.
        negated: whether it holds where nothing is found.
        modifiers: the words in brackets.
    """

    fields: tuple[str, ...]
    negated: bool = False
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFault:
    """Something on the page that can't be read: where, and why."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class PageRule:
    """One rule as it stands on the page.

    Attributes:
        line: of its first key, from 1.
        text: all of it.
        comments: the lines of the comment above it, without their marks.
        data: its keys, in lower case, and values.
        faults: what AutoModerator and this program would read differently, or not at all.
    """

    line: int
    text: str
    comments: tuple[str, ...]
    data: dict[str, Any]
    faults: tuple[PageFault, ...]
    _tree: Tree

    def line_of(self, *path: str) -> int:
        """Return the line of a key, from 1."""
        by_name = {tuple(str(part).lower() for part in known): known for known in self._tree.keys}
        known: KeyPath = by_name.get(path, ())
        return self._tree.place(known, key=True).line + 1 if known else self.line


def read_page(text: str, file: str) -> Iterator[PageRule | PageFault]:
    """Yield the sections of a page in order: each as a rule, or as the fault for which it is none."""
    for start, section in _sections(_BLANKS.sub("", text)):
        source = SourceText(file, "\n" * start + section)
        try:
            tree = source.document()
        except Unusable as unusable:
            problem = unusable.problem
            yield PageFault(problem.line or start + 1, f"{problem.message} ({problem.hint})")
            continue
        if tree is None:
            continue  # nothing but comments: a rule that was switched off
        if not isinstance(tree.data, dict):
            yield PageFault(tree.place(()).line + 1, "this is no rule: it has no `key: value`")
            continue
        faults = tuple(  # but for words that mean true or false: they do, in YAML 1.1, which Reddit reads
            PageFault(mark.line + 1, fault.message)
            for mark, fault in tree.found
            if not fault.message.endswith(MAY_BE_A_WORD)
        )
        first = min((mark.line for mark in tree.keys.values()), default=start) + 1
        yield PageRule(first, section.strip("\n"), _comments(section), _lowered(tree.data), faults, tree)


def parse_page_key(key: str) -> PageKey | None:
    """Take a key apart; `None` if AutoModerator would refuse it."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    modifiers = re.split(r"[,\s]+", " ".join(part for part in (match["before"], match["after"]) if part))
    return PageKey(
        tuple(match["fields"].split("+")), bool(match["not"]), tuple(word for word in modifiers if word)
    )


def _sections(text: str) -> Iterator[tuple[int, str]]:
    """Split a page at the lines that begin with three hyphens; each part with how many lines are before it."""
    start = 0
    lines = text.split("\n")
    for number, line in enumerate([*lines, "---"]):
        if line.startswith("---"):
            yield start, "\n".join(lines[start:number])
            start = number + 1


def _comments(section: str) -> tuple[str, ...]:
    found = []
    for line in section.split("\n"):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            break
        text = stripped.strip(_FRAME)
        if _TEXT.search(text):
            found.append(text)
    return tuple(found)


def _lowered(value: Any) -> Any:  # noqa: ANN401 - plain values
    """Write keys in lower case, as AutoModerator reads them."""
    if isinstance(value, dict):
        return {str(key).lower(): _lowered(inner) for key, inner in value.items()}
    return value
