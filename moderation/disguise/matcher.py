"""How the entries of word lists are found in a text."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import ahocorasick

from moderation.disguise import skeleton
from moderation.disguise.accents import makes_another_word
from moderation.disguise.boundaries import glued_together
from moderation.disguise.entries import Entry
from moderation.disguise.literal import LiteralEntries, is_contraction, is_literal
from moderation.disguise.masked import MaskedWords
from moderation.disguise.spelling import spelled
from moderation.disguise.views import other_views
from moderation.disguise.word import LetterRun, Word
from moderation.text import NormalisedText, normalise
from moderation.text.links import find_paths


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found in a text, at `start` to `end` (exclusive) of the normalised text."""

    list_name: str
    entry: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Named:
    """An entry, and the list that it is of."""

    list_name: str
    entry: str


@dataclass(frozen=True, slots=True)
class _Listed(_Named):
    word: Word


class WordMatcher:
    """Finds the entries of word lists in texts. Built once; safe to use from many threads at once."""

    def __init__(self, lists: Mapping[str, Sequence[Entry]]) -> None:
        """Compile every entry of every list, by the list's name."""
        self._words: dict[str, set[_Listed]] = {}
        literal: list[tuple[str, bool, bool, _Named]] = []
        for name, entry in [(name, entry) for name, entries in lists.items() for entry in entries]:
            if is_literal(entry.text):
                literal.append((entry.text, entry.open_start, entry.open_end, _Named(name, entry.text)))
                if not is_contraction(entry.text):
                    continue
            for key, word in _compiled(entry):
                self._words.setdefault(key, set()).add(_Listed(name, entry.text, word))
        self._count = len({(name, entry.text) for name, entries in lists.items() for entry in entries})
        self._literal = LiteralEntries(literal)
        everything = [listed for some in self._words.values() for listed in some]
        self._masked = MaskedWords((listed.word, listed) for listed in everything)
        self._automaton = ahocorasick.Automaton()
        for key in self._words:
            self._automaton.add_word(key, key)
        self._automaton.make_automaton()

    def __len__(self) -> int:
        """How many different entries there are, in all lists together."""
        return self._count

    def find(self, normalised: NormalisedText) -> list[Match]:
        """Find every entry wherever it stands, in the order of the text, longer ones first.

        Takes time in proportion to the length of the text, however many entries there are.
        """
        if not self._count:
            return []
        text = normalised.text
        found = self._in_text(text)
        for view in other_views(normalised):
            found.update(
                replace(match, start=start, end=end)
                for match in self._in_text(view.text)
                for start, end in [view.place(match.start, match.end)]
            )
        return _in_order({*_outside_paths(found, text), *_matches(self._literal.find(text))})

    def _in_text(self, text: str) -> set[Match]:
        if not self._words:
            return set()
        found = set(self._found(text, skeleton.classes(text)))
        if skeleton.has_leet_inside_word(text):
            found.update(self._found(text, skeleton.classes(text, leet=False)))
        found.update(_matches(self._masked.find(text)))
        return found

    def _found(self, text: str, row: str) -> list[Match]:
        candidates = list(self._automaton.iter(skeleton.squeezed(row)))
        if not candidates:
            return []
        starts = [*skeleton.run_starts(row), len(text)]
        return [
            Match(listed.list_name, listed.entry, start, end)
            for last, key in candidates
            for listed in self._possible(text, starts, last, key)
            for start, end in spelled(listed.word, text, row, *_stretch(starts, last, key))
            if not makes_another_word(text, start, end, listed.entry)
        ]

    def _possible(self, text: str, starts: list[int], last: int, key: str) -> Iterable[_Listed]:
        """Leave out at a glance what can't be: most candidates are parts of everyday words."""
        start, first_end, _ = _stretch(starts, last, key)
        if first_end == start + 1 and glued_together(text, start, start - 1):
            return [
                listed for listed in self._words[key] if listed.word.open_start or listed.word.stands_in_runs
            ]
        return self._words[key]


def _matches(found: Iterable[tuple[_Named, int, int]]) -> Iterator[Match]:
    return (Match(named.list_name, named.entry, start, end) for named, start, end in found)


def _outside_paths(found: set[Match], text: str) -> Iterable[Match]:
    """Leave out what stands in the path of a link, which nobody chose for its words: `/wiki/Retarded_potential`."""
    if not found or "/" not in text:
        return found
    paths = list(find_paths(text))
    begins = [start for start, _ in paths]

    def inside(match: Match) -> bool:
        place = bisect_right(begins, match.start) - 1
        return place >= 0 and match.end <= paths[place][1]

    return [match for match in found if not inside(match)]


def _in_order(found: Iterable[Match]) -> list[Match]:
    return sorted(found, key=lambda match: (match.start, -match.end, match.list_name, match.entry))


def _stretch(starts: list[int], last: int, key: str) -> tuple[int, int, int]:
    """Where a candidate starts, where its first run ends, and where it ends."""
    first = last + 1 - len(key)
    return starts[first], starts[first + 1], starts[last + 1]


def _compiled(entry: Entry) -> Iterator[tuple[str, Word]]:
    """Tell an entry's skeleton, and the entry itself as runs of letters."""
    # A capital can look like another Latin letter than its small form: Greek `μ` like u, `Μ` like M.
    foreign = () if entry.text.isascii() else (entry.text.upper(), entry.text.capitalize())
    for written in {entry.text, *foreign}:
        text = normalise(written).text
        own = frozenset(map(skeleton.own_letter, text))
        key = skeleton.squeezed(skeleton.classes(text))
        yield key, Word(_runs(text), own, entry.open_start, entry.open_end)


def _runs(text: str) -> tuple[LetterRun, ...]:
    """Read an entry as runs of letters; anything between them but a space counts for nothing."""
    runs: list[LetterRun] = []
    new_word = False
    for char in text:
        if not skeleton.readings(char):
            new_word = new_word or (char.isspace() and bool(runs))
            continue
        letter = skeleton.letter(char)
        if runs and runs[-1].letter == letter and not new_word:
            runs[-1] = runs[-1]._replace(times=runs[-1].times + 1)
        else:
            runs.append(LetterRun(letter, 1, new_word))
        new_word = False
    return tuple(runs)
