"""Word lists: how their files are written, and how their entries are found however they are disguised."""

from moderation.disguise.entries import MAX_ENTRY, Entry, ListProblem, ParsedList, parse_list
from moderation.disguise.matcher import Match, WordMatcher

__all__ = ["MAX_ENTRY", "Entry", "ListProblem", "Match", "ParsedList", "WordMatcher", "parse_list"]
