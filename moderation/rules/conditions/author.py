"""Conditions on who wrote the comment."""

from typing import ClassVar, Self

from pydantic import Field, StrictBool, model_validator

from moderation.domain import Author
from moderation.rules.conditions.base import Answer, Condition, Holds, No, all_hold, any_holds, refuse_empty
from moderation.rules.conditions.facts import Facts
from moderation.rules.conditions.text import TextKeys
from moderation.rules.reading.faults import Fault, refuse
from moderation.rules.values.comparisons import AgeComparison, Comparison, CountComparison, ShareComparison

_THRESHOLDS = ("account_age", "approved_comments", "rejection_rate")
_EVIDENCE = {"account_age": "account_age_s"}


class AuthorIs(TextKeys):
    """What the author must be, as far as the comment system tells; nothing hits on what it doesn't."""

    aliases: ClassVar = {"name": "author.name"}

    account_age: AgeComparison | None = Field(None, description="time since the account was made")
    approved_comments: CountComparison | None = Field(None, description="comments approved so far")
    rejection_rate: ShareComparison | None = Field(None, description="share of comments rejected")
    is_trusted: StrictBool | None = Field(None, description="whether the site trusts the author")
    is_moderator: StrictBool | None = Field(None, description="whether the author moderates the site")
    satisfy_any_threshold: StrictBool = Field(
        default=False, description="whether one of the comparisons is enough, instead of all of them"
    )

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.model_fields_set == {"satisfy_any_threshold"}:
            raise refuse(
                Fault(
                    "`author` compares nothing", "add `account_age`, `approved_comments` or `rejection_rate`"
                )
            )
        return refuse_empty(self, "`author` says nothing about the author")

    @property
    def placeholders(self) -> list[str]:
        """What is compared with, and what of the name was found."""
        limit = ["limit"] if self.model_fields_set & set(_THRESHOLDS) else []
        return [*limit, *(name for text in self.texts.values() for name in text.placeholders)]

    def hit(self, facts: Facts) -> Answer:
        """Compare every fact asked for."""
        author = facts.comment.author
        if author is None:
            return No.UNKNOWN
        thresholds = [self._compared(name, author) for name in _THRESHOLDS if name in self.model_fields_set]
        others = [
            self._compared(name, author)
            for name in ("is_trusted", "is_moderator")
            if name in self.model_fields_set
        ]
        names: list[Condition] = list(self.texts.values())
        others += [condition.hit(facts) for condition in names]
        if self.satisfy_any_threshold and thresholds:
            return all_hold([any_holds(thresholds), *others])
        return all_hold([*thresholds, *others])

    def _compared(self, name: str, author: Author) -> Answer:
        wanted, actual = getattr(self, name), _number(name, author)
        if actual is None:
            return No.UNKNOWN
        holds = wanted.holds(actual) if isinstance(wanted, Comparison) else wanted == actual
        if not holds:
            return No.MISS
        fills = {"limit": wanted.limit} if isinstance(wanted, Comparison) else {}
        return Holds({_EVIDENCE.get(name, name): actual}, fills=fills)


def _number(name: str, author: Author) -> float | None:
    """Return a fact as a number, an age in seconds."""
    if name == "account_age":
        return None if author.account_age is None else author.account_age.total_seconds()
    fact: float | None = getattr(author, name)
    return fact
