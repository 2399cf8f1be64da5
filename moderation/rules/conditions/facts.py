"""What is known about a comment when its rules are weighed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from moderation.domain import CheckResult, Comment, Outcome, Signal, SignalName, Span
from moderation.rules.conditions.search import Index
from moderation.rules.conditions.sought import Found, Sought, View
from moderation.text import NormalisedText, normalise

MAX_READ = 16 * 100_000
"""Bytes of the longest text that any ruleset lets pass; a longer one is not read."""


class Facts:
    """The findings of the checks that answered, by kind; the others' count for nothing.

    Attributes:
        comment: what the author wrote.
        results: how every check ended.
        now: when it was written, aware.
        answered: names of the checks whose outcome is `ok`.
        scores: score of each attribute, 0–1.
    """

    __slots__ = (
        "_found",
        "_index",
        "_max_bytes",
        "_signals",
        "_text",
        "_views",
        "answered",
        "comment",
        "now",
        "results",
        "scores",
    )

    def __init__(
        self,
        comment: Comment,
        results: Mapping[str, CheckResult],
        *,
        now: datetime,
        text: NormalisedText | None = None,
        index: Index | None = None,
        max_bytes: int = MAX_READ,
    ) -> None:
        self.comment = comment
        self.results = results
        self.now = now
        self._text = text
        self._index = index or Index(())
        self._max_bytes = max_bytes
        self._views: dict[View, str | None] = {}
        self._found: dict[View, Mapping[Sought, list[Found]]] = {}
        self.answered: set[str] = set()
        self._signals: dict[SignalName, list[Signal]] = {}
        for check, result in results.items():
            if result.outcome is Outcome.OK:
                self.answered.add(check)
                for signal in result.signals:
                    self._signals.setdefault(signal.name, []).append(signal)
        self.scores = {signal.key: float(signal.value) for signal in self.all(SignalName.SCORE)}

    def all(self, name: SignalName) -> list[Signal]:
        """Every finding of a kind, in the order found."""
        return self._signals.get(name, [])

    def number(self, name: SignalName, key: str = "") -> float | None:
        """Value of the first finding of a kind and key; `None` if there is none."""
        return next((float(s.value) for s in self.all(name) if s.key == key), None)

    @property
    def text(self) -> NormalisedText:
        """What the comment reads as; normalised on first use."""
        if self._text is None:
            self._text = normalise(self.comment.text)
        return self._text

    @property
    def language(self) -> str | None:
        """Code of the comment's language, or `und`; `None` if the check had no answer."""
        found = self.all(SignalName.LANGUAGE)
        return str(found[0].value) if found else None

    def view(self, view: View) -> str | None:
        """Return the text that a condition looks at; `None` if it is unknown, or too long to be read."""
        if view not in self._views:
            self._views[view] = self._read(view)
        return self._views[view]

    def found(self, sought: Sought, view: View) -> Sequence[Found] | None:
        """Return where something stands in a view; `None` if the text is unknown."""
        return None if self.view(view) is None else self.all_found(view).get(sought, ())

    def all_found(self, view: View) -> Mapping[Sought, Sequence[Found]]:
        """Return where anything stands that any condition looks for in a view; nothing if the text is unknown."""
        if view not in self._found:
            text = self.view(view)
            self._found[view] = {} if text is None else self._index.search(view, text)
        return self._found[view]

    def stands_in(self, sought: Sought, view: View, text: str) -> bool:
        """Whether something stands in one of the texts of a view that has several."""
        return sought in self._index.search(view, text)

    def span(self, view: View, place: Found) -> Span | None:
        """Where in the author's own text something stands; `None` if it is no part of that."""
        if view.field != "body" or place.start == place.end:
            return None
        return Span(*place) if view.original else self.text.span(*place)

    def quoted(self, spans: Sequence[Span]) -> str:
        """Return what stands at the first of the spans, as the author wrote it; empty if there is none."""
        return self.comment.text[spans[0].start : spans[0].end] if spans else ""

    def _read(self, view: View) -> str | None:
        comment = self.comment
        if view.field == "body":
            if not self._is_readable():
                return None
            return comment.text if view.original else self.text.text
        name = comment.author.name if comment.author else None
        text = comment.thread if view.field == "thread" else name
        return text if text is None or view.original else normalise(text).text

    def _is_readable(self) -> bool:
        """Whether the comment is within the bound in bytes: what is longer is rejected, and never normalised."""
        size = self.number(SignalName.BYTES)
        return (len(self.comment.text) if size is None else size) <= self._max_bytes
