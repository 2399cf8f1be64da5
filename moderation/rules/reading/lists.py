"""Reads the word lists that a rules.yaml names: files beside it, or lists that come with this package."""

from dataclasses import dataclass, field, replace

from moderation.disguise import Entry, parse_list
from moderation.rules.reading.diagnostics import Problem
from moderation.rules.reading.faults import Fault
from moderation.rules.reading.files import Files, PathOutsideError, name_for_users, name_from_rules_folder
from moderation.rules.reading.lines import Mark
from moderation.rules.reading.merging import Document
from moderation.rules.reading.source import MAX_LIST_BYTES, SourceText, Unusable, decode_text


@dataclass(slots=True)
class Lists:
    """The word lists of a ruleset: entries and text by list, text by file name, and what is wrong."""

    words: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_lists(document: Document, files: Files, main: str) -> Lists:
    """Read every list that rules.yaml and its parts name, as far as the sections can be understood.

    Args:
        document: the values.
        files: where lists are read from.
        main: the rules.yaml, as the user named it.
    """
    lists = Lists()
    named = document.data.get("word_lists")
    for name, file in (named if isinstance(named, dict) else {}).items():
        if not isinstance(file, str) or not file:
            continue  # the schema says so
        path = ("word_lists", name)
        try:
            there = name_from_rules_folder(document.origin(path)[0].folder, file)
            text = decode_text(files.read(there, limit=MAX_LIST_BYTES), there, limit=MAX_LIST_BYTES)
        except PathOutsideError as error:
            lists.problems.append(document.problem(replace(error.fault, at=path)))
            continue
        except Unusable as unusable:
            problem = unusable.problem
            fault = Fault(f"the word list can't be used: {problem.message}", problem.hint, path)
            lists.problems.append(document.problem(fault))
            continue
        lists.files[there] = lists.texts[name] = text
        entries, problems = _parsed(text, name_for_users(main, there))
        lists.words[name] = entries
        lists.problems += problems
    return lists


def _parsed(text: str, file: str) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Parse a list; its problems are located in its own file."""
    parsed = parse_list(text)
    source = SourceText(file, text)
    problems = [
        source.problem(Mark(fault.line - 1, fault.column - 1, fault.length), Fault(fault.message, fault.hint))
        for fault in parsed.problems
    ]
    return parsed.entries, problems
