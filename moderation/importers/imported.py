"""What an importer makes of another system's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """Something that an admin must know about the translation.

    Attributes:
        line: where it stands in what was imported, from 1; 0 if it has no place.
        about: the rule or the setting.
        message: what became of it.
    """

    line: int
    about: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportedRules:
    """Rules that were made of another system's settings.

    Attributes:
        source: the text of a rules.yaml that can be used as it is.
        files: text of the word lists that it names, by their path from it.
        notes: what has no equivalent, and what to look at, in the order of the input.
        live: how many rules act as they did before.
        drafts: how many rules wait for an admin, because a condition of theirs has no equivalent.
        left_out: how many rules were not taken over.
    """

    source: str
    files: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    live: int = 0
    drafts: int = 0
    left_out: int = 0
