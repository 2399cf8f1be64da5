"""A comment's text as HTML that can only be read: escaped, its spans marked, what is invisible made visible."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from moderation.domain import Action, Reason, Span
from moderation.text.visible import visible

LONGEST = 10_000
"""Code points that are shown; of a longer text, the rest is counted."""

_COLOURS = {  # let what lies below through, so that they suit a dark page as well as a light one
    Action.APPROVE: "rgba(33, 195, 84, 0.30)",
    Action.FLAG: "rgba(255, 200, 40, 0.40)",
    Action.HOLD: "rgba(255, 140, 0, 0.40)",
    Action.REJECT: "rgba(255, 75, 75, 0.45)",
}
_TEXT = "white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; line-height: 1.6"
_MARK = "color: inherit; border-radius: 3px; padding: 0.1em 0.05em; unicode-bidi: isolate"


def highlighted(text: str, reasons: Sequence[Reason] = ()) -> str:
    """Return a text for `st.html`, with what the reasons are about marked in the colour of their action.

    Args:
        text: the author's original text; nothing in it runs, loads, links or restyles.
        reasons: why it was decided so; the rules' names show when the pointer rests on a mark.
    """
    shown = text[:LONGEST]
    segments = "".join(
        _segment(text[piece.start : piece.end], about) for piece, about in _pieces(shown, reasons)
    )
    rest = len(text) - len(shown)
    more = f"<i> … {rest:,} more characters</i>" if rest else ""
    return f'<div dir="auto" style="{_TEXT}">{segments}{more}</div>'


def _segment(text: str, about: Sequence[Reason]) -> str:
    inert = escape(visible(text, keep="\n"))
    if not about:
        return inert
    strongest = max((reason.action for reason in about), key=lambda action: action.strength)
    rules = escape(visible(", ".join(dict.fromkeys(reason.rule for reason in about))))
    return f'<mark title="{rules}" style="background: {_COLOURS[strongest]}; {_MARK}">{inert}</mark>'


def _pieces(text: str, reasons: Sequence[Reason]) -> Iterator[tuple[Span, Sequence[Reason]]]:
    """Cut a text where spans begin and end; with each piece come the reasons about it."""
    spans = [(span, reason) for reason in reasons for span in reason.spans]
    places = {place for span, _ in spans for place in (span.start, span.end) if 0 < place < len(text)}
    for start, end in pairwise([0, *sorted(places), len(text)]):
        yield Span(start, end), [reason for span, reason in spans if span.start < end and span.end > start]
