"""Reads a stretch of text letter by letter and tells whether it spells an entry of a word list.

A word counts as spelled if all of this holds:

- Its letters come in order, each as often in a row as in the entry, or stretched: at least three
  times and more often than in the entry. So `fuuuck` is `fuck`, and `rapped` isn't `raped`.
- It is written in one go, where signs such as `-`, `_`, `*` may stand between some letters; or
  spelled out, with something between all of them: `f u c k`, `f.u.c.k`. A space or a sentence's
  punctuation between some letters only makes other words: `the pen is red`.
- It is a word of its own, unless the entry is open on that side. Letters of another script are no
  part of a word: `shit이라고`. A spelled-out word is never part of a longer one.
- At least one character is a real letter of the entry, two if something stands between them: `455` is
  a number, `a 5.5` is two words. In words of three or four letters, digits that stand for letters make
  a word only under more conditions: `A55` and `F-4G` are names.
- An apostrophe that leaves letters out doesn't end a word: `j'ai` isn't `ai`, `don't` isn't `don`.
"""

from dataclasses import dataclass
from typing import NamedTuple

from moderation.disguise.boundaries import glued_together, stands_alone
from moderation.disguise.skeleton import GAP, LEET, is_disguise, is_letter, is_mark, own_letter, readings

_JOINER, _SPACE, _BREAK, _COMMA = 1, 2, 4, 8  # what can stand between two letters
_COMMAS = frozenset(",;，、；")  # with a space, they part the items of a list: "options a, s, s"
_BREAKS = frozenset(".,;:?!…—–()[]{}<>\"/\\|&+='`")  # the apostrophe too: `who're`, `he'll`
_IN_ONE_GO, _SPELLED_OUT = 1, 2  # ways to write a word; 3 while both are possible
_EITHER = _IN_ONE_GO | _SPELLED_OUT
_STRETCHED = 3  # letters in a row that nobody writes by the rules
_SHORT, _SHORTEST = 4, 3  # letters of words that names with a number look like
_TWO_LETTERS = 2  # that are no digits, at least, in such words
_ELIDED = 2  # letters of words that are too short to be looked for after an elision: `j'ai`

_State = tuple[int, int, int]  # which run of the entry, how many of its letters, ways still possible


class LetterRun(NamedTuple):
    """A letter of an entry, how often it comes in a row, and whether a new word starts with it."""

    letter: str
    times: int
    new_word: bool = False

    @property
    def enough(self) -> int:
        """How many in a row are this run stretched; more make no difference."""
        return max(_STRETCHED, self.times + 1)

    def filled_by(self, count: int) -> bool:
        """Whether so many letters in a row are this run, as it is or stretched."""
        return count == self.times or count >= self.enough


@dataclass(frozen=True, slots=True)
class Word:
    """An entry as runs of letters.

    Attributes:
        runs: its letters, read as `skeleton.letter` reads them.
        own: its letters as they are.
        open_start: whether letters may come before it.
        open_end: whether letters may come after it.
    """

    runs: tuple[LetterRun, ...]
    own: frozenset[str]
    open_start: bool
    open_end: bool

    @property
    def letters(self) -> int:
        """How many letters it has."""
        return sum(run.times for run in self.runs)


def spelled(word: Word, text: str, row: str, start: int, first_end: int, end: int) -> list[tuple[int, int]]:
    """Find where a word is spelled in a stretch of text that has its skeleton.

    One pass, keeping every way to read what came so far: linear in the length of the stretch.

    Args:
        word: what to look for.
        text: normalised text.
        row: its `skeleton.classes`.
        start: where the stretch starts.
        first_end: where the first run of the skeleton ends: the word starts before.
        end: where the stretch ends.
    """
    states: dict[_State, int] = {}
    found: dict[int, int] = {}
    gap = 0
    for index in range(start, end):
        if row[index] == GAP:
            gap |= _gap(text[index])
            continue
        letters = readings(text[index])
        states = _advanced(states, word, letters, gap)
        if index < first_end and word.runs[0].letter in letters:
            _start(states, word, text, index)
        elif not states and index >= first_end:
            break
        _finish(found, states, word, text, row, index)
        gap = 0
    return [(a, b) for a, b in _apart(found) if _has_real_letters(word, text[a:b])]


def _gap(char: str) -> int:
    if is_mark(char):
        return 0
    if char.isspace():
        return _SPACE
    if char in _COMMAS:
        return _BREAK | _COMMA
    return _BREAK if char in _BREAKS else _JOINER


def _advanced(states: dict[_State, int], word: Word, letters: str, gap: int) -> dict[_State, int]:
    """Read one more character in every way that was possible so far."""
    after: dict[_State, int] = {}
    for (number, count, ways), start in states.items():
        run = word.runs[number]
        steps = [(number, min(count + 1, run.enough), run.letter, False)]
        if number + 1 < len(word.runs) and run.filled_by(count):
            following = word.runs[number + 1]
            steps.append((number + 1, 1, following.letter, following.new_word))
        for new_number, new_count, wanted, new_word in steps:
            still = ways & _ways(gap, new_word=new_word)
            if wanted in letters and still:
                state = new_number, new_count, still
                after[state] = max(start, after.get(state, 0))
    return after


def _ways(gap: int, *, new_word: bool) -> int:
    """Ways to write a word that has this gap between two of its letters."""
    if gap & _COMMA and gap & _SPACE:
        return 0
    if new_word:
        return 0 if gap == 0 else _SPELLED_OUT if gap & _SPACE and gap & _BREAK else _EITHER
    if gap == 0:
        return _IN_ONE_GO
    return _EITHER if gap == _JOINER else _SPELLED_OUT


def _start(states: dict[_State, int], word: Word, text: str, index: int) -> None:
    if word.letters <= _ELIDED and _after_elision(text, index):
        return
    if not glued_together(text, index, index - 1):
        states[0, 1, _EITHER] = index
    elif word.open_start:
        states[0, 1, _IN_ONE_GO] = index


def _after_elision(text: str, index: int) -> bool:
    return index > 1 and text[index - 1] == "'" and is_letter(text[index - 2]) and text[index - 2].isalpha()


def _before_elision(text: str, end: int) -> bool:
    """Whether a verb's `not` follows: `don't`."""
    return text[end : end + 2].lower() == "'t" and not text[end + 2 : end + 3].isalnum()


def _finish(
    found: dict[int, int], states: dict[_State, int], word: Word, text: str, row: str, index: int
) -> None:
    """Note the readings that end with this character, each by its start."""
    end = index + 1
    while end < len(text) and is_mark(text[end]):
        end += 1
    for (number, count, ways), start in states.items():
        if number + 1 < len(word.runs) or not word.runs[number].filled_by(count):
            continue
        # All gaps joined both ways alike: then every letter stands apart, unless there is only one.
        in_one_go = ways == _IN_ONE_GO or word.letters == 1
        bounded = not (glued_together(text, index, end) or _before_elision(text, end))
        ok = (
            (word.open_end or bounded)
            if in_one_go
            else bounded and stands_alone(text, row, start, end, letters=word.letters)
        )
        known = found.get(start)
        # `hell!!!` is `hell`, though `!` may be an l: symbols are taken only where they are needed.
        if ok and (known is None or text[index].isalnum() or not text[known - 1].isalnum()):
            found[start] = end


def _apart(found: dict[int, int]) -> list[tuple[int, int]]:
    """Leave out what overlaps a later, so shorter, way to read the same word."""
    kept: list[tuple[int, int]] = []
    for start in sorted(found, reverse=True):
        if not kept or found[start] <= kept[-1][0]:
            kept.append((start, found[start]))
    return kept[::-1]


def _has_real_letters(word: Word, stretch: str) -> bool:
    """One is enough in one piece (`@$$e$`), two with something in between (not `a 5.5`)."""
    real = sum(own_letter(char) in word.own or is_disguise(char) for char in stretch)
    gaps = sum(not readings(char) and not is_mark(char) for char in stretch)
    return real >= (2 if gaps else 1) and (word.letters > _SHORT or not _is_code(word, stretch, gaps))


def _is_code(word: Word, stretch: str, gaps: int) -> bool:
    """Whether a short stretch is rather a name with a number: `A55`, `A5s`, `F-4G`, `F4G`; not `s3x`, `sh1t`."""
    digits = [char for char in stretch if char in LEET and char.isdigit() and char not in word.own]
    others = [char for char in stretch if readings(char) and char not in digits]
    if not digits or len(others) >= word.letters:  # none of them stands for a letter
        return False
    if len(others) < _TWO_LETTERS or 0 < gaps < word.letters - 1:
        return True
    vowels = all(LEET[digit][0] in "aeiou" for digit in digits)
    return word.letters <= _SHORTEST and not (vowels and any(char.islower() for char in others))
