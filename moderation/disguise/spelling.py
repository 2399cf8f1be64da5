"""Reads a stretch of text letter by letter and tells whether it spells an entry of a word list.

A word counts as spelled if all of this holds:

- Its letters come in order, each as often in a row as in the entry, or stretched: at least three
  times and more often than in the entry. So `fuuuck` is `fuck`, and `rapped` isn't `raped`.
- It is written in one go, where signs such as `-`, `_`, `*` may stand between some letters; or
  spelled out, with something between all of them: `f u c k`, `f.u.c.k`. A space or a sentence's
  punctuation between some letters only makes other words: `the pen is red`.
- It is a word of its own, unless the entry is open on that side. Letters of another script are no
  part of a word: `shit이라고`; nor is a number after four letters or more: `shit1`. A spelled-out word is
  never part of a longer one.
- One space may split a word, and the words of an entry may run together, where that makes no other words:
  `fu ck`, `killyourself`, but not `therapist`. `moderation.disguise.evidence` tells.
- At least one character is a real letter of the entry, two if something stands between them: `455` is
  a number, `a 5.5` is two words. In words of three or four letters, digits that stand for letters make
  a word only under more conditions: `A55` and `F-4G` are names.
- An apostrophe that leaves letters out doesn't end a word: `j'ai` isn't `ai`, `don't` isn't `don`.
"""

import re

from moderation.disguise.boundaries import glued_together, is_alphabetic, stands_alone
from moderation.disguise.evidence import is_convincing
from moderation.disguise.skeleton import GAP, is_letter, is_mark, readings
from moderation.disguise.word import Word

_JOINER, _SPACE, _BREAK, _COMMA = 1, 2, 4, 8  # what can stand between two letters
_COMMAS = frozenset(",;，、；")  # with a space, they part the items of a list: "options a, s, s"
_BREAKS = frozenset(".,;:?!…—–()[]{}<>\"/\\|&+='`")  # the apostrophe too: `who're`, `he'll`
_IN_ONE_GO, _SPELLED_OUT, _SPLIT = 1, 2, 4  # ways to write a word; their sum while several are possible
_EITHER = _IN_ONE_GO | _SPELLED_OUT
_NUMBERED = 4  # letters of words that are found before a number: `shit1`, not "USB3"
_NUMBER = re.compile(r"[0-9]{1,6}+")
_ELIDED = 2  # letters of words that are too short to be looked for after an elision: `j'ai`

_State = tuple[int, int, int]  # which run of the entry, how many of its letters, ways still possible


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
    return [(a, b) for a, b in _apart(found) if is_convincing(word, text, a, b)]


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
            if gap == _SPACE and ways & _IN_ONE_GO and not new_word:
                still |= _SPLIT
            if wanted in letters and still:
                state = new_number, new_count, still
                after[state] = max(start, after.get(state, 0))
    return after


def _ways(gap: int, *, new_word: bool) -> int:
    """Ways to write a word that has this gap between two of its letters."""
    if gap & _COMMA and gap & _SPACE:
        return 0
    if new_word:
        return _IN_ONE_GO if gap == 0 else _SPELLED_OUT if gap & _SPACE and gap & _BREAK else _EITHER
    if gap == 0:
        return _IN_ONE_GO | _SPLIT
    return _EITHER if gap == _JOINER else _SPELLED_OUT


def _start(states: dict[_State, int], word: Word, text: str, index: int) -> None:
    if word.letters <= _ELIDED and _after_elision(text, index):
        return
    if word.stands_in_runs or not glued_together(text, index, index - 1):
        states[0, 1, _EITHER] = index
    elif word.open_start:
        states[0, 1, _IN_ONE_GO] = index


def _after_elision(text: str, index: int) -> bool:
    return index > 1 and text[index - 1] == "'" and is_letter(text[index - 2]) and text[index - 2].isalpha()


def _numbered(text: str, index: int, end: int) -> bool:
    """Whether nothing but a number is glued to a word that ends with this letter: `shit2024`."""
    if not (text[index].isalpha() and is_alphabetic(text[index]) and (number := _NUMBER.match(text, end))):
        return False
    return not glued_together(text, number.end() - 1, number.end())


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
        in_one_go = ways in {_IN_ONE_GO, _SPLIT} or word.letters == 1
        bounded = not (glued_together(text, index, end) or _before_elision(text, end)) or (
            word.letters >= _NUMBERED and _numbered(text, index, end)
        )
        ok = (
            (word.open_end or word.stands_in_runs or bounded)
            if in_one_go
            else bounded and stands_alone(text, row, start, end, letters=word.letters)
        )
        known = found.get(start)
        if ways == _SPLIT and known is not None:
            continue
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
