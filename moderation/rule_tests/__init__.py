"""Rules tried before they are live: on the examples that stand in them, on a site's cases, and by looking for what does nothing."""

from moderation.rule_tests.checking import check_file, find_warnings
from moderation.rule_tests.report import Failure, TestReport
from moderation.rule_tests.running import run_cases, run_examples

__all__ = ["Failure", "TestReport", "check_file", "find_warnings", "run_cases", "run_examples"]
