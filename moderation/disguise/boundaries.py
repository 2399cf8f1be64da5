"""Where a word ends and the next one begins."""

from moderation.disguise.skeleton import GAP, is_letter, is_mark

_SPELLED_OUT_LATIN = 3  # letters that a word of Latin letters needs to be spelled out: `f u` is too little
_LONE_WORDS = frozenset("aiu아야이")  # words of one letter, which may stand before a spelled-out word
_ALPHABET, _SYLLABLES, _JAMO, _IDEOGRAPHS = range(4)


def glued_together(text: str, inner: int, outer: int) -> bool:
    """Whether what stands at `outer` is part of the same word as the character at `inner`."""
    if not 0 <= outer < len(text):
        return False
    char = text[outer]
    return is_mark(char) or (is_letter(char) and _script(char) == _script(text[inner]))


def same_script(one: str, other: str) -> bool:
    """Whether two letters are of scripts that make words together; digits go with alphabets."""
    return _script(one) == _script(other)


def is_alphabetic(char: str) -> bool:
    """Whether a letter is one of an alphabet, whose words stand apart: not Hangul, Han or kana."""
    return _script(char) == _ALPHABET


def stands_alone(text: str, row: str, start: int, end: int, *, letters: int) -> bool:
    """Whether a spelled-out word is long enough, and no part of a longer one: `b a s s`."""
    if letters < _SPELLED_OUT_LATIN and _script(text[start]) == _ALPHABET:
        return False
    second, last = start + 1, end - 1
    while row[second] == GAP:
        second += 1
    while row[last] == GAP:  # marks
        last -= 1
    before_last = last - 1
    while row[before_last] == GAP:
        before_last -= 1
    return not (
        _spelled_on(text, start, text[start + 1 : second], -1)
        or _spelled_on(text, end - 1, text[before_last + 1 : last], 1)
    )


def _spelled_on(text: str, edge: int, gap: str, step: int) -> bool:
    """Whether single letters go on beyond an edge at the same distance; a word like `a` or `I` is none."""
    return _letter_apart(text, edge, gap, step) and (
        text[beyond := edge + step * (len(gap) + 1)].lower() not in _LONE_WORDS
        or _letter_apart(text, beyond, gap, step)
    )


def _letter_apart(text: str, edge: int, gap: str, step: int) -> bool:
    other = edge + step * (len(gap) + 1)
    if not 0 <= other < len(text) or not text[other].isalnum():
        return False
    low, high = min(edge, other), max(edge, other)
    return text[low + 1 : high] == gap and not glued_together(text, other, other + step)


def _script(char: str) -> int:
    """Tell scripts that meet without a space; letters of alphabets, digits and leet symbols are one."""
    if "가" <= char <= "힣":
        return _SYLLABLES
    if "ㄱ" <= char <= "ㆎ":
        return _JAMO
    if "\u3040" <= char <= "\u9fff" or char >= "\U00020000":
        return _IDEOGRAPHS
    return _ALPHABET
