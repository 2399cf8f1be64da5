"""What is superfluous in word lists."""

from collections.abc import Iterator, Mapping

from moderation.disguise import Entry, parse_list
from moderation.rules.reading.diagnostics import Problem, Severity
from moderation.rules.reading.faults import Fault, quoted
from moderation.rules.reading.files import BUILTIN, name_for_users, name_from_rules_folder
from moderation.rules.reading.lines import Mark
from moderation.rules.reading.merging import Document
from moderation.rules.reading.source import SourceText


def word_problems(document: Document, files: Mapping[str, str]) -> Iterator[Problem]:
    """Find words that stand in a list twice, and lists without a word.

    Args:
        document: the values of the ruleset.
        files: text of the lists, by name.
    """
    for name, file in (document.data.get("word_lists") or {}).items():
        path = ("word_lists", name)
        there = name_from_rules_folder(document.origin(path)[0].folder, file)
        if there.startswith(BUILTIN):
            continue
        entries = parse_list(files[there]).entries
        source = SourceText(name_for_users(document.file, there), files[there])
        if not entries:
            yield document.problem(
                _warning("this list has no word in it", "write one a line into its file", path)
            )
        yield from _twice(entries, source)


def _twice(entries: tuple[Entry, ...], source: SourceText) -> Iterator[Problem]:
    first: dict[tuple[str, bool, bool], int] = {}
    for entry in entries:
        key = (" ".join(entry.text.casefold().split()), entry.open_start, entry.open_end)
        if key not in first:
            first[key] = entry.line
            continue
        message = f"{quoted(entry.text)} stands in this list twice: first in line {first[key]}"
        line = source.text.split("\n")[entry.line - 1]
        mark = Mark(entry.line - 1, max(0, line.find(entry.text)), len(entry.text))
        yield source.problem(mark, _warning(message, "delete one of the two"))


def _warning(message: str, hint: str, path: tuple[str, ...] = ()) -> Fault:
    return Fault(message, hint, path, key=True, severity=Severity.WARNING)
