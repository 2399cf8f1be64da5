"""Which rules a program begins with: those of a named file, else of the settings, the folder or the package."""

from pathlib import Path

from moderation.rules import Ruleset
from moderation.settings import settings


def given_rules(path: Path | None) -> Ruleset | Path | None:
    """Return what is to decide: the named ruleset, for good, else a default that can be outvoted.

    Raises:
        RulesError: the named ruleset can't be used.
    """
    if path is not None:
        return Ruleset.load(path)
    default = settings().rules
    named = "rules" in settings().model_fields_set
    return default if named or default.exists() else None


def load_rules(path: Path | None) -> Ruleset:
    """Load the named ruleset, else the environment's or the folder's, else the shipped one.

    Raises:
        RulesError: it can't be used.
    """
    found = given_rules(path)
    if isinstance(found, Ruleset):
        return found
    return Ruleset.load(found) if found else Ruleset.default()


def rules_folder() -> Path | None:
    """Return the folder of the default ruleset: a model's path in a stored ruleset begins there."""
    default = given_rules(None)
    return default.parent if isinstance(default, Path) else None
