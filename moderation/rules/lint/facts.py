"""Conditions of a rule as plain facts, of which can be said whether one follows from another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moderation.rules.conditions import AuthorIs, DomainCondition, TextCondition, When
from moderation.rules.lint.ranges import NumberRange
from moderation.rules.reading.faults import KeyPath
from moderation.rules.values.comparisons import Comparison

_WHOLE = {"any", "not"}  # maps that hold as a whole or not


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that must be so for a rule to fire.

    Attributes:
        kind: what it is about; facts of different kinds say nothing about each other.
        value: a range of numbers, a set of words, a condition on text, or any value.
        path: where it stands, from the rule's `when`.
    """

    kind: str
    value: Any
    path: KeyPath = ()

    def follows_from(self, other: "Fact") -> bool:
        """Whether it holds wherever another fact does."""
        if self.kind != other.kind:
            return False
        mine, others = self.value, other.value
        if isinstance(mine, NumberRange):
            return bool(others.within(mine))
        if isinstance(mine, frozenset):
            return bool(others <= mine)
        if isinstance(mine, TextCondition):
            return _finds_all_of(mine, others) if not mine.negated else _finds_all_of(others, mine)
        if isinstance(mine, DomainCondition) and mine.sought is None and others.sought is None:
            return bool(mine.domains <= others.domains if mine.negated else mine.domains >= others.domains)
        return bool(mine == others)


def facts_of(when: When, path: KeyPath = ()) -> Iterator[Fact]:
    """Yield everything that must be so for a map of conditions to hold."""
    for key, text in when.texts.items():
        yield _of_text(text, (*path, key))
    for name, field in When.model_fields.items():
        value, key = getattr(when, name), field.alias or name
        if value is None or name == "texts":
            continue
        if key == "all":
            for place, one in enumerate(value):
                yield from facts_of(one, (*path, key, place))
        elif key in _WHOLE:
            yield Fact(key, value, (*path, key))
        elif isinstance(value, AuthorIs):
            yield from _of_author(value, (*path, key))
        else:
            yield from _of_value(key, getattr(value, "root", value), (*path, key))


def _of_text(text: TextCondition | DomainCondition, path: KeyPath) -> Fact:
    return Fact(f"{'no ' if text.negated else ''}{type(text).__name__}", text, path)


def _of_value(key: str, value: Any, path: KeyPath) -> Iterator[Fact]:  # noqa: ANN401 - a condition's value
    if key == "scores":
        for attribute, comparison in value.items():
            yield Fact(f"score of {attribute}", NumberRange.of_comparison(comparison), (*path, attribute))
    elif isinstance(value, Comparison):
        yield Fact(key, NumberRange.of_comparison(value), path)
    elif key == "body_longer_than":
        yield Fact("length", NumberRange(low=value + 1), path)
    elif key == "body_shorter_than":
        yield Fact("length", NumberRange(high=value - 1), path)
    elif key == "words" or (key == "language" and not any(map(_excludes, value))):
        yield Fact(key, frozenset(value), path)
    elif key == "language":
        yield Fact("language excluded", value, path)
    else:
        yield Fact(key, value, path)


def _excludes(code: str) -> bool:
    return code.startswith("~")


def _of_author(author: AuthorIs, path: KeyPath) -> Iterator[Fact]:
    for key, text in author.texts.items():
        yield _of_text(text, (*path, key))
    if author.satisfy_any_threshold:
        yield Fact("author", author, path)
        return
    for name in sorted(author.model_fields_set - {"texts", "satisfy_any_threshold"}):
        value = getattr(author, name)
        yield Fact(
            f"author's {name}",
            NumberRange.of_comparison(value) if isinstance(value, Comparison) else value,
            (*path, name),
        )


def _finds_all_of(wide: TextCondition, narrow: TextCondition) -> bool:
    """Whether one finds something wherever the other does, leaving `~` aside."""
    here, there = wide.sought, narrow.sought
    return (
        (here.where, here.cased) == (there.where, there.cased)
        and set(there.views) <= set(here.views)
        and set(there.words) <= set(here.words)
        and set(there.pattern_texts) <= set(here.pattern_texts)
    )


def contradict(one: Fact, other: Fact) -> bool:
    """Whether two facts can't both be so."""
    mine, others = one.value, other.value
    if isinstance(mine, TextCondition) and isinstance(others, TextCondition):
        positive, negative = (mine, others) if others.negated else (others, mine)
        return negative.negated and not positive.negated and _finds_all_of(negative, positive)
    if {one.kind, other.kind} == {"language", "language excluded"}:
        wanted, refused = (mine, others) if one.kind == "language" else (others, mine)
        return all(f"~{code}" in refused for code in wanted)
    if one.kind != other.kind:
        return False
    if isinstance(mine, NumberRange):
        return bool(mine.cut(others).empty)
    if one.kind == "language" and isinstance(mine, frozenset) and isinstance(others, frozenset):
        return not mine & others
    return isinstance(mine, bool) and mine is not others
