"""What the findings of the checks mean: rules.yaml, read, checked and weighed."""

from moderation.rules.diagnostics import Problem, Severity, render
from moderation.rules.evaluate import Weighed, action_of
from moderation.rules.ruleset import Ruleset, check_rules
from moderation.rules.schema import RulesConfig

__all__ = ["Problem", "RulesConfig", "Ruleset", "Severity", "Weighed", "action_of", "check_rules", "render"]
