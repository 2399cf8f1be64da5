"""Rules on a live site: which ones decide, how they are exchanged, and the brake on those just changed."""

from moderation.rollout.brake import Brake, Limits, braked_rules
from moderation.rollout.changing import make_live, release_rule, revert_to, rule_changes
from moderation.rollout.live import Deciding, LiveRules
from moderation.rollout.opening import open_rules

__all__ = [
    "Brake",
    "Deciding",
    "Limits",
    "LiveRules",
    "braked_rules",
    "make_live",
    "open_rules",
    "release_rule",
    "revert_to",
    "rule_changes",
]
