"""Rulesets that the database keeps: every one that ever decided, read again."""

from collections.abc import Iterable
from pathlib import Path

from sqlmodel import Session

from moderation.errors import RulesError
from moderation.rollout.wording import short_hash
from moderation.rules import Ruleset
from moderation.store import load_ruleset


def stored_ruleset(ruleset_hash: str, *, session: Session, folder: Path | None = None) -> Ruleset:
    """Read a ruleset that once decided.

    Args:
        ruleset_hash: its whole hash, as in a decision's provenance; `find_ruleset` tells it by its beginning.
        session: the database.
        folder: what a model's path in it is relative to; if `None`, the working directory.

    Raises:
        RulesError: this release can't use it.
        StoreError: there is none of this hash, or the database can't be used.
    """
    source, files = load_ruleset(ruleset_hash, session=session)
    return Ruleset.parse(source, files=files, name=f"ruleset {short_hash(ruleset_hash)}", folder=folder)


class StoredRulesets:
    """Rulesets of many decisions, each read once.

    Args:
        known: rulesets that are at hand already.
    """

    def __init__(self, known: Iterable[Ruleset] = ()) -> None:
        self._known: dict[str, Ruleset | None] = {ruleset.hash: ruleset for ruleset in known}

    def find(self, ruleset_hash: str, *, session: Session) -> Ruleset | None:
        """Return a ruleset that once decided; `None` if this release can't use it.

        Raises:
            StoreError: there is none of this hash, or the database can't be used.
        """
        if ruleset_hash not in self._known:
            try:
                self._known[ruleset_hash] = stored_ruleset(ruleset_hash, session=session)
            except RulesError:
                self._known[ruleset_hash] = None
        return self._known[ruleset_hash]
