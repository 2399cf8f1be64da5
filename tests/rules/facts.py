"""Comments and check results to weigh."""

from datetime import UTC, datetime

from moderation.domain import Author, CheckResult, Comment, Outcome, Signal, SignalName, Span

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""When comments here are written: a Wednesday."""


def ok(*signals):
    return CheckResult(Outcome.OK, signals)


def comment(locale=None, **author):
    return Comment("text", locale=locale, author=Author("u", **author) if author else None)


def length(graphemes=50, size=50):
    signals = (Signal(SignalName.GRAPHEMES, float(graphemes)), Signal(SignalName.BYTES, float(size)))
    return {"length": ok(*signals)}


def repeated(**counts):
    return {"repetition": ok(*(Signal(SignalName.REPEATED, float(n), key=key) for key, n in counts.items()))}


def links(number):
    spans = [Span(10 * n, 10 * n + 5) for n in range(number)]
    return {"links": ok(*(Signal(SignalName.LINK, "example.com", spans=(span,)) for span in spans))}


def words(**found):
    return {
        "word_lists": ok(
            *(Signal(SignalName.WORD, entry, key=name, spans=(Span(3, 8),)) for name, entry in found.items())
        )
    }


def language(code, confidence=0.9):
    return {"language": ok(Signal(SignalName.LANGUAGE, code, confidence=confidence))}


def scores(**values):
    return {"toxicity": ok(*(Signal(SignalName.SCORE, value, key=key) for key, value in values.items()))}


def no_answer(check, outcome):
    """A check without an answer, which left signals that must not count."""
    left = (
        Signal(SignalName.SCORE, 1.0, key="toxicity"),
        Signal(SignalName.LINK, "example.com"),
        Signal(SignalName.LANGUAGE, "de", confidence=1.0),
        Signal(SignalName.GRAPHEMES, 10_000.0),
        Signal(SignalName.WORD, "idiot", key="slurs"),
        Signal(SignalName.REPEATED, 99.0, key="author"),
    )
    return {check: CheckResult(outcome, left, error="TimeoutError")}
