"""Finds words and phrases of rules in a text, all at once."""

from typing import Any

import ahocorasick

from moderation.rules.conditions.patterns import MAX_FOUND, Where, is_word, is_word_character
from moderation.rules.conditions.sought import Found, Sought


def fold(text: str) -> str:
    """Fold case letter by letter, so that every place stays where it is."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    return "".join(low if len(low := char.casefold()) == 1 else char for char in text)


def automaton_of(wanted: list[Sought], *, folded: bool) -> Any:  # noqa: ANN401 - ahocorasick is untyped
    """Build the automaton of all words; `None` if there are none."""
    words: dict[str, list[Sought]] = {}
    for one in wanted:
        for word in one.words:
            words.setdefault(fold(word) if folded else word, []).append(one)
    if not words:
        return None
    automaton = ahocorasick.Automaton()
    for word, seekers in words.items():
        automaton.add_word(word, (len(word), tuple(dict.fromkeys(seekers))))
    automaton.make_automaton()
    return automaton


def find_words(
    automaton: Any,  # noqa: ANN401 - ahocorasick is untyped
    text: str,
    found: dict[Sought, list[Found]],
) -> None:
    """Add where words stand in a text to what was found, at most `MAX_FOUND` places for each condition."""
    inner: tuple[int, int] | None = None
    for last, (length, seekers) in automaton.iter(text):
        start, end = last + 1 - length, last + 1
        for sought in seekers:
            if sought.where is Where.ALONE:
                inner = inner or _inner(text)
                stands = start <= inner[0] and end >= inner[1]
            else:
                stands = _stands(text, start, end, sought.where)
            if stands:
                places = found.setdefault(sought, [])
                if len(places) < MAX_FOUND:
                    places.append(Found(start, end))


def _stands(text: str, start: int, end: int, where: Where) -> bool:
    """Whether a stretch of a text stands where it must."""
    if where is Where.WORD:
        return is_word(text, start, end)
    from_start = start == 0 or where not in {Where.START, Where.EXACT}
    to_end = end == len(text) or where not in {Where.END, Where.EXACT}
    return from_start and to_end


def _inner(text: str) -> tuple[int, int]:
    """Where the first letter of a text stands, and where its last one ends; the other way round if it has none."""
    first = next((place for place, char in enumerate(text) if is_word_character(char)), len(text))
    end = next((place for place in range(len(text), 0, -1) if is_word_character(text[place - 1])), 0)
    return first, end
