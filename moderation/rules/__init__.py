"""What the findings of the checks mean: rules.yaml, read, checked and weighed.

Stable (docs/api.md): `Ruleset`. What else is exported is for the rest of this package, and may change in any release.
"""

from moderation.rules.reading.diagnostics import Problem, Severity, render
from moderation.rules.ruleset import Ruleset, check_rules, check_text
from moderation.rules.schema.config import RulesConfig
from moderation.rules.weighing.weigh import Weighed, action_of

__all__ = [
    "Problem",
    "RulesConfig",
    "Ruleset",
    "Severity",
    "Weighed",
    "action_of",
    "check_rules",
    "check_text",
    "render",
]
