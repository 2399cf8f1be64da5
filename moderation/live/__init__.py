"""Rules on a live site: which ones decide, how they are exchanged, and the brake on those just changed."""

from moderation.live.brake import Brake, Limits, braked_rules
from moderation.live.changing import make_live, release, revert, rule_changes
from moderation.live.opening import open_rules
from moderation.live.rules import Deciding, LiveRules

__all__ = [
    "Brake",
    "Deciding",
    "Limits",
    "LiveRules",
    "braked_rules",
    "make_live",
    "open_rules",
    "release",
    "revert",
    "rule_changes",
]
