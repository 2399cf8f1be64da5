"""Rulesets as they were written, what was made live and when, and what the brake did."""
