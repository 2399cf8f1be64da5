"""What a condition is, and what it answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, TypeAlias, TypeVar

from moderation.domain import Span
from moderation.rules.conditions.facts import Facts
from moderation.rules.reading.faults import Fault, refuse
from moderation.rules.values.sections import Section

_Section = TypeVar("_Section", bound=Section)


@dataclass(frozen=True, slots=True)
class Holds:
    """That a condition holds: the evidence, and what in the text it is about.

    Attributes:
        evidence: values that made it hold, by name; plain JSON values.
        spans: what in the author's text it is about.
        fills: what the placeholders of `explain` stand for, by name: `match`, `limit`, `score`.
    """

    evidence: Mapping[str, Any]
    spans: tuple[Span, ...] = ()
    fills: Mapping[str, str] = field(default_factory=dict)


class No(Enum):
    """That a condition does not hold: it is not so, or nobody knows. The opposite of unknown is unknown."""

    MISS = "miss"
    UNKNOWN = "unknown"


Answer: TypeAlias = Holds | No


class Condition(Protocol):
    """Something that holds for a comment or not."""

    @property
    def placeholders(self) -> Collection[str]:
        """The placeholders of `explain` that a hit fills."""
        ...

    def hit(self, facts: Facts) -> Answer:
        """Return the evidence if the condition holds; else whether that is known."""
        ...


def join_hits(hits: list[Holds]) -> Holds:
    """Make one hit of several; of equal names, the first counts."""
    if len(hits) == 1:
        return hits[0]
    return Holds(
        {name: value for hit in reversed(hits) for name, value in hit.evidence.items()},
        tuple(sorted({span for hit in hits for span in hit.spans})),
        {name: value for hit in reversed(hits) for name, value in hit.fills.items()},
    )


def all_hold(answers: list[Answer]) -> Answer:
    """Tell whether all hold: no, as soon as one is known not to."""
    if No.MISS in answers:
        return No.MISS
    if No.UNKNOWN in answers:
        return No.UNKNOWN
    return join_hits([answer for answer in answers if isinstance(answer, Holds)])


def any_holds(answers: list[Answer]) -> Answer:
    """Tell whether one holds at least."""
    hits = [answer for answer in answers if isinstance(answer, Holds)]
    if hits:
        return join_hits(hits)
    return No.UNKNOWN if No.UNKNOWN in answers else No.MISS


def refuse_empty(section: _Section, message: str) -> _Section:
    """Refuse a section in which nothing is written."""
    if not section.model_fields_set:
        names = ", ".join(f"`{name}`" for name in section.known_keys())
        raise refuse(Fault(message, f"add at least one of {names}"))
    return section
