"""A comment's text with what the reasons are about marked in it, cut short where it is very long."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rich.text import Text

from moderation.domain import Action, Reason, Span
from moderation.text.visible import visible

ACTION_STYLES = {
    Action.APPROVE: "green",
    Action.FLAG: "yellow",
    Action.HOLD: "dark_orange",
    Action.REJECT: "red",
}
"""The colour of each action, in labels and marks."""

_WHOLE = 600  # code points; a longer text is cut
_BEGINNING = 160
_AROUND = 50
_LONGEST_SPAN = 200
_BUDGET = 1_200
_MOST_LINES = 20


def marked_text(text: str, reasons: Sequence[Reason], *, colour: bool) -> Text:
    """Return the text, safe to print, with the reasons' spans in the colour of the strongest action.

    Args:
        text: the author's original text.
        reasons: why it was decided so.
        colour: whether the marks are colours; if not, they are brackets, `⟦like this⟧`.
    """
    spans = [(span, reason.action) for reason in reasons for span in reason.spans]
    windows = _windows(text, sorted(span for span, _ in spans))
    lines = sum(text.count("\n", window.start, window.end) for window in windows)
    keep = "\n" if lines <= _MOST_LINES else ""  # hundreds of empty lines hide what stands above them
    shown = Text()
    end = 0
    for window in windows:
        _append_gap(shown, window.start - end)
        for piece, action in _pieces(window, spans):
            part = visible(text[piece.start : piece.end], keep=keep)
            if action is None:
                shown.append(part)
            elif colour:
                shown.append(part, f"bold reverse {ACTION_STYLES[action]}")
            else:
                shown.append(f"⟦{part}⟧")
        end = window.end
    _append_gap(shown, len(text) - end)
    return shown


def _append_gap(shown: Text, size: int) -> None:
    if size > 0:
        shown.append(f" … {size:,} characters … ", "dim italic")


def _windows(text: str, spans: Sequence[Span]) -> list[Span]:
    """Choose what is shown: all of a short text; else its beginning, and the surroundings of spans."""
    if len(text) <= _WHOLE:
        return [Span(0, len(text))]
    windows = [Span(0, _BEGINNING)]
    left = _BUDGET - _BEGINNING
    for span in spans:
        if left <= 0:
            break
        last = windows[-1]
        end = min(max(span.end, span.start), span.start + _LONGEST_SPAN) + _AROUND
        start = max(span.start - _AROUND, last.end)
        end = min(end, len(text), start + left)
        if end > start:
            left -= end - start
            windows[-1:] = [Span(last.start, end)] if start == last.end else [last, Span(start, end)]
    return windows


def _pieces(window: Span, spans: Sequence[tuple[Span, Action]]) -> Iterator[tuple[Span, Action | None]]:
    """Cut a window where spans begin and end; with each piece comes the strongest action about it."""
    near = [(span, action) for span, action in spans if span.start < window.end and span.end > window.start]
    inner = {
        place for span, _ in near for place in (span.start, span.end) if window.start < place < window.end
    }
    edges = [window.start, *sorted(inner), window.end]
    for start, end in pairwise(edges):
        actions = [action for span, action in near if span.start < end and span.end > start]
        yield Span(start, end), max(actions, key=lambda action: action.strength, default=None)
