"""Word lists: how their files are written, and how their entries are found however they are disguised."""

from moderation.disguise.matcher import (
    MAX_ENTRY,
    Entry,
    ListProblem,
    Match,
    ParsedList,
    WordMatcher,
    parse_list,
)

__all__ = ["MAX_ENTRY", "Entry", "ListProblem", "Match", "ParsedList", "WordMatcher", "parse_list"]
