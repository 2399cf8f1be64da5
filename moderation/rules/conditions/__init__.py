"""The conditions of a rule's `when`; `When` in when.py is the table of them."""

from moderation.rules.conditions.author import AuthorIs
from moderation.rules.conditions.base import Answer, Condition, Holds, No
from moderation.rules.conditions.counts import Repeated
from moderation.rules.conditions.domains import DomainCondition
from moderation.rules.conditions.text import TextCondition
from moderation.rules.conditions.times import WrittenAt
from moderation.rules.conditions.when import When

__all__ = [
    "Answer",
    "AuthorIs",
    "Condition",
    "DomainCondition",
    "Holds",
    "No",
    "Repeated",
    "TextCondition",
    "When",
    "WrittenAt",
]
