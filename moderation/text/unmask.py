"""What a model should read: letters hidden behind digits, gaps and repetition are put back.

Works on normalised text, and keeps no map: a model's scores point at no place. Every step is a guess that
is right about words and harmless elsewhere; word lists, which must be exact, have their own rules.

1. Letters set apart, three or more in a row, are joined: `i d i o t`, `i.d.i.o.t`.
2. In a word, digits and signs that stand for letters become letters: `1d1ot`, `sh!t`, `$tupid`.
   Numbers with a unit, names with a number and handles stay: `10k`, `covid19`, `4th`, `@anna`.
3. A Latin letter three times in a row becomes one, or two where English doubles it: `stuuupid`.
"""

import re

_LEET = str.maketrans("01345789@$!", "oieastbgasi")

_APART = re.compile(
    r"(?<![^\W_])[A-Za-zÀ-ɏ](?P<gap>[ .\-_*·~/|,]{1,2})[A-Za-zÀ-ɏ](?:(?P=gap)[A-Za-zÀ-ɏ](?![^\W_]))+"
)
_BETWEEN = re.compile(r"[ .\-_*·~/|,]")
# A token of letters, digits and look-alike signs, no part of an address, with a sign between two letters, or
# with one in front of three letters or more.
_HIDDEN = re.compile(
    r"(?<![\w@$.!/#])(?=[\w@$!]*[A-Za-z])"
    r"(?:(?=[A-Za-z0-9@$!]*(?:[A-Za-z][0134578@$!]+[A-Za-z]|[013457$]+[A-Za-z]+[013457$]))"
    r"|(?=[013457$][A-Za-z]{3})|(?=@ss)|(?=[A-Za-z]+\$\$))"
    r"[A-Za-z0-9$@](?:[A-Za-z0-9@$]|!(?=[A-Za-z]))*(?![\w@]|\.\w)"
)
_UNIT = re.compile(r"\d+[A-Za-z]{1,2}|\d{2,}[A-Za-z]+")
_STRETCHED = re.compile(r"([A-Za-z])\1{2,}")
_DOUBLED = frozenset("eolstfgprnmdcbzEOLSTFGPRNMDCBZ")  # letters that English words double


def unmask(text: str) -> str:
    """Return what a reader sees in a normalised text, for a model to score.

    Unmasking twice gives what unmasking once gives.
    """
    text = _APART.sub(_join, text)
    text = _HIDDEN.sub(_letters, text)
    return _STRETCHED.sub(_shorten, text)


def _join(match: re.Match[str]) -> str:
    return _BETWEEN.sub("", match[0])


def _letters(match: re.Match[str]) -> str:
    return match[0] if _UNIT.fullmatch(match[0]) else match[0].translate(_LEET)


def _shorten(match: re.Match[str]) -> str:
    return match[1] * 2 if match[1] in _DOUBLED else match[1]
