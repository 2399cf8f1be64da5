"""Rules and comments of a small site, for tests of what is live."""

from datetime import UTC, datetime
from typing import Any

from moderation import Comment
from moderation.rollout import make_live
from moderation.rules import Ruleset
from moderation.store import Store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BASE = "version: 1\ntoxicity: false\nlanguage: false\nrepetition: false\n"
LINKS = '{name: no-links, when: {links: "> 0"}, action: reject}'
"""A rule that rejects whatever has a link."""

MANY_LINKS = '{name: no-links, when: {links: "> 1"}, action: reject}'
"""The same rule as somebody else would have it."""


def rules(*own: str, **sections: str) -> Ruleset:
    """Build a ruleset of a site's own rules, which needs no model."""
    return Ruleset.parse(rules_text(*own, **sections))


def rules_text(*own: str, **sections: str) -> str:
    """Write its rules.yaml."""
    given = "".join(f"{name}: {value}\n" for name, value in sections.items())
    listed = "".join(f"- {rule}\n" for rule in own)
    return f"{BASE}{given}rules:\n{listed}"


def kind(number: int, **fields: Any) -> Comment:
    """Return a comment that nothing is wrong with."""
    return Comment(f"Well said, number {number}.", external_id=f"kind-{number}", **fields)


def link(number: int, **fields: Any) -> Comment:
    """Return a comment with a link."""
    return Comment(f"See https://example.com/{number}", external_id=f"link-{number}", **fields)


def live(ruleset: Ruleset, store: Store, **said: Any) -> Any:
    """Make a ruleset live."""
    return make_live(ruleset, store=store, **{"by": "ann", **said})
