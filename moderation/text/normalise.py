"""What a comment reads as, with a map back to what was written.

Checks look at the normalised text; people are shown the original. The steps, in order:

1. Every character becomes its plain form: NFKC (full-width, mathematical, circled letters,
   ligatures), fancy letters as letters, typographic quotes as straight ones, any white space as a
   space or a newline, lone surrogates as U+FFFD. Invisible characters go: control characters,
   zero-width and default-ignorable ones, bidi controls. So ZWJ and variation selectors go too, and
   an emoji sequence becomes its parts. Compatibility jamo (`ㅋㅋ`) stay as typed: NFKC would make
   unreadable conjoining jamo of them. So do superscript digits and `™`, which are no part of the
   word before them.
2. A word in Latin letters with look-alikes of other alphabets among them (`fυck`) becomes Latin.
3. Letters and their marks are composed (NFC); of stacked marks the first few are kept.
4. A letter repeated more than three times stays three times.
5. A run of white space becomes one space, or one newline if it holds a line break; ends are trimmed.

Case is kept. Normalising twice gives what normalising once gives.
"""

import re
import unicodedata
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeAlias

import regex

from moderation.domain import Span
from moderation.text.characters import INVISIBLE, plain_form
from moderation.text.lookalikes import FOREIGN, without_marks

_Pattern: TypeAlias = re.Pattern[str] | regex.Pattern[str]
_Match: TypeAlias = re.Match[str] | regex.Match[str]

NORMALISER_VERSION = "3"
"""Part of a decision's provenance: goes up with every change of what `normalise` or `unmask` answers."""

MAX_MARKS = 5
"""Marks kept after one base: Burmese needs five, stacked marks ("zalgo") are dozens."""

_LEADING_INVISIBLE = regex.compile(rf"\A{INVISIBLE}+")
_TRAILING_INVISIBLE = regex.compile(rf"(?r){INVISIBLE}+\Z")
_BLANK = regex.compile(rf"(?:{INVISIBLE}|\p{{M}})*+")
_GRAPHEME = regex.compile(r"\X")
# To `\X`, each flag is a walk back to the first one of its row: quadratic, so flags become letters before.
_FLAG = regex.compile(r"[\U0001f1e6-\U0001f1ff]{2}")

# The three that every comment is searched with are the standard library's: several times faster here.
_UNUSUAL = re.compile(r"[^ -~\n가-힣ㄱ-ㅣ]")  # all but printable ASCII, Hangul syllables and jamo
_STRETCHED = re.compile(r"([^\W\d_])\1{3,}+")
_SPACES = re.compile(r"[ \n]++(?:(?<=[ \n]{2})|(?<=\A[ \n])|\Z)")  # two or more, or at an end
_FOREIGN_LETTER = regex.compile(r"[\p{L}--\p{Latin}--\p{Hangul}--\p{Han}--\p{Kana}--\p{Hira}]", regex.V1)
_WORD = regex.compile(r"[\p{L}\p{M}--\p{Hangul}--\p{Han}--\p{Kana}--\p{Hira}]++", regex.V1)
_LATIN_LETTER = regex.compile(r"\p{Latin}")
_LATIN_OR_MARK = regex.compile(r"[\p{Latin}\p{M}]")
# What composes with the character before it: marks, medial and final jamo, Kirat Rai vowels.
_FOLLOWER = r"[\p{M}\u1160-\u11ff\U00016d63-\U00016d6a]"
_FOLLOWERS = regex.compile(_FOLLOWER)
_CLUSTER = regex.compile(rf"(?s:.){_FOLLOWER}++")


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A normalised text that knows where each of its characters came from.

    Attributes:
        text: what the comment reads as.
        original: what was written.
    """

    text: str = field(repr=False)
    original: str = field(repr=False)
    # Where the original range of each character starts and ends; `None` where nothing was changed.
    _starts: "array[int] | None" = field(default=None, repr=False, compare=False)
    _ends: "array[int] | None" = field(default=None, repr=False, compare=False)

    def span(self, start: int, end: int) -> Span:
        """Where the stretch `start` to `end` (exclusive, not empty) of `text` stands in `original`."""
        if self._starts is None or self._ends is None:
            return Span(start, end)
        return Span(self._starts[start], self._ends[end - 1])


def normalise(text: str) -> NormalisedText:
    """Tell what a text reads as: linear in its length, and no string makes it raise."""
    if not any(pattern.search(text) for pattern in (_UNUSUAL, _STRETCHED, _SPACES)):
        return NormalisedText(text, text)
    draft = _plain_draft(text)
    if _FOREIGN_LETTER.search(draft.text):
        draft = draft.rewritten(_WORD, _latin_word)
    if _FOLLOWERS.search(draft.text):
        draft = draft.rewritten(_CLUSTER, _composed)
    draft = draft.rewritten(_STRETCHED, _shortened).rewritten(_SPACES, _one_space)
    return NormalisedText(draft.text, text, draft.starts, draft.ends)


def grapheme_length(text: str) -> int:
    """Count what a reader calls letters: extended grapheme clusters (UAX #29)."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _GRAPHEME.finditer(_FLAG.sub("f", text)))


def is_blank(text: str) -> bool:
    """Whether nothing visible was written: white space, invisible characters, marks without a base."""
    return _BLANK.fullmatch(text) is not None


def trimmed(text: str) -> str:
    """Leave out white space and invisible characters at both ends."""
    return _TRAILING_INVISIBLE.sub("", _LEADING_INVISIBLE.sub("", text))


def same_text_key(normalised: NormalisedText) -> str:
    """Hash that is the same for texts that differ in case and disguise only: SHA-256, hex."""
    return sha256(normalised.text.casefold().encode()).hexdigest()


def written_text_key(text: str) -> str:
    """Hash that stands for `same_text_key` where a text is too long to be normalised.

    It is the same for texts that are written the same, but for their case.
    """
    return sha256(text.casefold().encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A text on its way to being normalised, with the original range of each character."""

    text: str
    starts: "array[int]"
    ends: "array[int]"

    def rewritten(self, pattern: _Pattern, replacement: Callable[[_Match], str]) -> "_Draft":
        """Replace what `pattern` finds.

        A replacement of the same length keeps the ranges character by character; in one of another
        length, each character comes from the whole of what was found.
        """
        pieces: list[str] = []
        starts, ends, done = array("l"), array("l"), 0
        for match in pattern.finditer(self.text):
            begin, stop = match.span()
            new = replacement(match)
            pieces += self.text[done:begin], new
            kept = stop if len(new) == stop - begin else begin
            starts += self.starts[done:kept]
            ends += self.ends[done:kept]
            if kept == begin:
                starts.extend([self.starts[begin]] * len(new))
                ends.extend([self.ends[stop - 1]] * len(new))
            done = stop
        if not done:
            return self
        pieces.append(self.text[done:])
        return _Draft("".join(pieces), starts + self.starts[done:], ends + self.ends[done:])


def _plain_draft(text: str) -> _Draft:
    changes = {char: plain_form(char) for char in set(text) if plain_form(char) != char}
    if not changes:
        return _Draft(text, array("l", range(len(text))), array("l", range(1, len(text) + 1)))
    pieces = [changes.get(char, char) for char in text]
    starts = array("l", [index for index, piece in enumerate(pieces) for _ in piece])
    return _Draft("".join(pieces), starts, array("l", [start + 1 for start in starts]))


def _latin_word(match: _Match) -> str:
    word = match.group()
    if not _FOREIGN_LETTER.search(word) or not _LATIN_LETTER.search(word):
        return word
    if not all(without_marks(char) in FOREIGN or _LATIN_OR_MARK.match(char) for char in word):
        return word  # a letter without a Latin twin: a word of another language with a slip in it
    return "".join(map(_latin_letter, word))


def _latin_letter(char: str) -> str:
    if (letter := FOREIGN.get(without_marks(char))) is None:
        return char
    marked = unicodedata.normalize("NFC", letter + unicodedata.normalize("NFD", char)[1:])
    return marked if len(marked) == 1 else letter


def _composed(match: _Match) -> str:
    # Cut first: sorting a million marks into canonical order would take quadratic time.
    return unicodedata.normalize("NFC", match.group()[: MAX_MARKS + 1])


def _shortened(match: _Match) -> str:
    return match.group()[:3]


def _one_space(match: _Match) -> str:
    if match.start() == 0 or match.end() == len(match.string):
        return ""
    return "\n" if "\n" in match.group() else " "
