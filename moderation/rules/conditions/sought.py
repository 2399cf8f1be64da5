"""What conditions look for in texts, and where it was found."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from typing_extensions import override

from moderation.rules.conditions.patterns import Pattern, Where


class View(NamedTuple):
    """A text that conditions look at: a field of the comment, normalised or as written."""

    field: str
    original: bool = False


class Found(NamedTuple):
    """Where something stands in a view, `end` exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Sought:
    """What one condition looks for, any of it, in each of its views.

    Attributes:
        views: where it looks.
        where: where in the field it must stand.
        cased: whether capitals matter.
        words: texts, each as it is looked for.
        patterns: patterns.
    """

    views: tuple[View, ...]
    where: Where
    cased: bool
    words: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = field(default=(), compare=False)
    pattern_texts: tuple[str, ...] = ()

    @override
    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Computed once: conditions are looked up by it for each comment, and may hold thousands of words."""
        return hash((self.views, self.where, self.cased, self.words, self.pattern_texts))
