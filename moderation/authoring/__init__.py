"""What helps an admin to write rules: examples that run as tests, and rules brought from other systems."""

from moderation.authoring.examples import run_cases, run_examples
from moderation.authoring.report import Failure, TestReport

__all__ = ["Failure", "TestReport", "run_cases", "run_examples"]
