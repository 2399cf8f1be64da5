"""Looks for the words and patterns of all rules at once: one pass over a text, however many rules there are."""

import re
from collections.abc import Iterable, Iterator, Mapping

import re2

from moderation.rules.conditions.patterns import Pattern, re2_options
from moderation.rules.conditions.phrases import automaton_of, find_words, fold
from moderation.rules.conditions.sought import Found, Sought, View

_PROBE = (
    "\x00probe\x00"  # no normalised text holds control characters; tells a miss from a search that gave up
)


_CHUNK = 30_000  # characters of patterns in one filter
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which UTF-8 can't hold


class Index:
    """Everything that the rules of a ruleset look for. Built once; safe to use from many threads at once."""

    def __init__(self, sought: Iterable[Sought]) -> None:
        by_view: dict[View, list[Sought]] = {}
        for one in dict.fromkeys(sought):
            for view in one.views:
                by_view.setdefault(view, []).append(one)
        self._searchers = {
            view: _Searcher(wanted, original=view.original) for view, wanted in by_view.items()
        }

    def search(self, view: View, text: str) -> Mapping[Sought, list[Found]]:
        """Find what stands in a view's text."""
        searcher = self._searchers.get(view)
        return searcher.search(text) if searcher else {}


class _Searcher:
    """Looks for everything in one view."""

    def __init__(self, wanted: list[Sought], *, original: bool) -> None:
        self._original = original
        self._folded = automaton_of([one for one in wanted if not one.cased], folded=True)
        self._cased = automaton_of([one for one in wanted if one.cased], folded=False)
        self._patterns = [
            _Patterns(some)
            for some in _chunks([(one, pattern) for one in wanted for pattern in one.patterns])
        ]

    def search(self, text: str) -> dict[Sought, list[Found]]:
        found: dict[Sought, list[Found]] = {}
        line = text if self._original else text.replace("\n", " ")  # a phrase may go over a line's end
        if self._folded is not None:
            find_words(self._folded, fold(line), found)
        if self._cased is not None:
            find_words(self._cased, line, found)
        if self._patterns:
            text = _SURROGATE.sub("\ufffd", text)
            encoded = text.encode()
            for patterns in self._patterns:
                patterns.find(text, encoded, found)
        return found


_Wanted = tuple[Sought, Pattern]


class _Patterns:
    """Patterns that are looked for together.

    RE2's filter tells which of them are possible at all, by the letters that each can't do without. (RE2's own
    set of patterns takes 10 ms a comment for some hundred patterns with `.{0,20}` in them.)
    """

    def __init__(self, wanted: list[_Wanted]) -> None:
        self._wanted = wanted
        self._filter = re2.Filter()
        for _, pattern in wanted:
            self._filter.Add(pattern.text, re2_options(cased=pattern.cased))
        self._filter.Add(re2.escape(_PROBE), re2_options(cased=True))
        self._filter.Compile()

    def find(self, text: str, encoded: bytes, found: dict[Sought, list[Found]]) -> None:
        for number in self._possible(encoded):
            sought, pattern = self._wanted[number]
            if pattern.may_be_in(encoded):
                places = [Found(*place) for place in pattern.find(text)]
                if places:
                    found.setdefault(sought, []).extend(places)

    def _possible(self, encoded: bytes) -> Iterable[int]:
        everything = range(len(self._wanted))
        possible = self._filter.Match(encoded + _PROBE.encode(), potential=True) or ()
        # without the probe, RE2 ran out of memory and gave up, which it does not say
        return sorted(possible)[:-1] if len(everything) in possible else everything


def _chunks(wanted: list[_Wanted]) -> Iterator[list[_Wanted]]:
    """Cut a list into parts that fit into a filter's memory."""
    chunk: list[_Wanted] = []
    size = 0
    for one in wanted:
        if chunk and size + len(one[1].text) > _CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(one)
        size += len(one[1].text)
    if chunk:
        yield chunk
