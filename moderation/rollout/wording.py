"""Rulesets and their changes in words, the same in the terminal and in the dashboard."""

from moderation.store import RuleChanges

CHANGE_SIGNS = {"added": "+", "changed": "~", "removed": "-"}
"""The sign of each kind of change, by its name in `RuleChanges`."""

_SHOWN = 12  # of a hash's 64 characters


def short_hash(ruleset: str) -> str:
    """Return as much of a ruleset's hash as people read."""
    return ruleset[:_SHOWN]


def changes_in_words(rules: RuleChanges) -> str:
    """Say which rules are added (+), changed (~) and removed (-)."""
    if not rules:
        return "no rule changed"
    return ", ".join(f"{sign} {name}" for key, sign in CHANGE_SIGNS.items() for name in getattr(rules, key))
