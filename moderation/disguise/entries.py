"""Word lists as files: one entry a line."""

import unicodedata
from dataclasses import dataclass

from moderation.disguise import skeleton
from moderation.disguise.english import is_everyday
from moderation.text import normalise

MAX_ENTRY = 100
"""Longest entry, in characters: what is longer is a sentence, and nobody writes it the same way twice."""


_EMOJI = "So"  # the category of Unicode that emoji are of


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a word list.

    Attributes:
        text: the word, or the words with spaces between them.
        line: where it stands, from 1.
        open_start: it may be the end of a longer word: `*` before it.
        open_end: it may be the beginning of a longer word: `*` after it.
    """

    text: str
    line: int
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class ListProblem:
    """A line that can't be used: where (line and column from 1, length in characters), why, and the cure."""

    line: int
    column: int
    length: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A word list as read."""

    entries: tuple[Entry, ...]
    problems: tuple[ListProblem, ...]


def parse_list(content: str) -> ParsedList:
    """Read a word list: one entry a line; `#` at the start of a line or after a space starts a comment."""
    entries: list[Entry] = []
    problems: list[ListProblem] = []
    lines = content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        written = _without_comment(line)
        if not written:
            continue
        text = written.strip("*").strip()
        if fault := _fault(text):
            column = line.index(written) + 1
            problems.append(ListProblem(number, column, len(written), *fault))
            continue
        entries.append(Entry(text, number, written.startswith("*"), written.endswith("*")))
    return ParsedList(tuple(entries), tuple(problems))


def _without_comment(line: str) -> str:
    if line.lstrip().startswith("#"):
        return ""
    for comment in (" #", "\t#"):
        line = line.partition(comment)[0]
    return line.strip()


def _fault(text: str) -> tuple[str, str] | None:
    """What is wrong with an entry, and what to do about it."""
    if len(text) > MAX_ENTRY:
        return f"this entry has more than {MAX_ENTRY} characters", "write one word or a short phrase per line"
    if "*" in text:
        return (
            "`*` stands inside this entry",
            "a `*` means something only at the start or the end of an entry",
        )
    read = normalise(text).text
    if not any(skeleton.is_letter(char) or unicodedata.category(char) == _EMOJI for char in read):
        return "this entry has no letters", "write a word, or `#` before a comment"
    if read.casefold() != text.casefold() and is_everyday(read):
        return (
            f"letters of other alphabets stand in this entry: it would be found as {read!r}, an everyday word",
            "delete it, or write it in one alphabet",
        )
    return None
