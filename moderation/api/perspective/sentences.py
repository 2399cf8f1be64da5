"""Where sentences begin and end, by Unicode's rules (UAX #29)."""

from collections.abc import Sequence
from itertools import pairwise

import regex

from moderation.domain import Span

MOST = 64
"""Sentences of one text; where there are more, neighbours are joined: each is scored like a comment."""

# Its rules by number. SB5 (marks belong to the letter before) is seen to where a sentence may end.
_END = regex.compile(
    r"""
    (?: \r\n | [\p{SB=Sep}\p{SB=CR}\p{SB=LF}] )                                               # SB3, SB4
    | (?: \p{SB=STerm}
        | \p{SB=ATerm}
          (?! [\p{SB=Extend}\p{SB=Format}]*+ \p{SB=Numeric} )                                 # SB6: 3.14
          (?! (?<= [\p{SB=Upper}\p{SB=Lower}] . ) \p{SB=Upper} )                              # SB7: U.S.A
          (?! [\p{SB=Close}\p{SB=Extend}\p{SB=Format}]*+ [\p{SB=Sp}\p{SB=Extend}\p{SB=Format}]*+
              (?: (?! [\p{SB=OLetter}\p{SB=Upper}\p{SB=Lower}\p{SB=Sep}\p{SB=CR}\p{SB=LF}\p{SB=STerm}\p{SB=ATerm}] ) . )*+
              \p{SB=Lower} )                                                                  # SB8: etc. and so on
      )
      [\p{SB=Close}\p{SB=Extend}\p{SB=Format}]*+                                              # SB9
      [\p{SB=Sp}\p{SB=Extend}\p{SB=Format}]*+                                                 # SB10
      (?! [\p{SB=SContinue}\p{SB=STerm}\p{SB=ATerm}] )                                        # SB8a: ?!, ...
      (?: \r\n | [\p{SB=Sep}\p{SB=CR}\p{SB=LF}] )?                                            # SB11
    """,
    regex.VERBOSE | regex.DOTALL,
)


def sentences(text: str) -> list[Span]:
    """Return a text's sentences in order, without the space around them; the whole text if it has none."""
    ends = [found.end() for found in _END.finditer(text)]
    bounds = sorted({0, *ends, len(text)})
    found = [span for begin, end in pairwise(bounds) if (span := _trimmed(text, begin, end))]
    return _joined(found) or [Span(0, len(text))]


def _trimmed(text: str, begin: int, end: int) -> Span | None:
    sentence = text[begin:end]
    inner = sentence.strip()
    start = begin + len(sentence) - len(sentence.lstrip())
    return Span(start, start + len(inner)) if inner else None


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Join neighbours, as many as it takes, the same number each."""
    size = -(-len(spans) // MOST)
    groups = [spans[first : first + size] for first in range(0, len(spans), size)] if spans else []
    return [Span(group[0].start, group[-1].end) for group in groups]
