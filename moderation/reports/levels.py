"""A suggested threshold among those that a ruleset has already."""

from dataclasses import dataclass

from moderation.domain import Action
from moderation.rules import Ruleset
from moderation.rules.schema.thresholds import in_language


@dataclass(frozen=True, slots=True)
class SuggestedLevels:
    """An attribute's thresholds with the suggested one among them, as rules.yaml would say them.

    Attributes:
        scores: by action, the score from which on it is taken; `None`: never, because a stronger one begins there.
        stronger: an action that begins at or below the suggested threshold already, which so would never act.
    """

    scores: dict[Action, float | None]
    stronger: Action | None


def levels_with(
    score: float, ruleset: Ruleset, attribute: str, action: Action, language: str | None = None
) -> SuggestedLevels:
    """Put a suggested threshold among those that a ruleset has for the attribute, in the language if one is named."""
    toxicity = ruleset.config.toxicity
    base = toxicity.thresholds if toxicity else {}
    own = toxicity.by_language.get(language or "", {}) if toxicity else {}
    in_force = in_language(base, own).get(attribute)
    others = dict(in_force.strongest_first() if in_force else ())
    others.pop(action, None)
    strength = action.strength
    sooner = [one for one, begins in others.items() if one.strength > strength and begins <= score]
    dead = [one for one, begins in others.items() if one.strength < strength and begins >= score]
    said = others | dict.fromkeys(dead) | {action: score}
    return SuggestedLevels({one: said[one] for one in Action if one in said}, sooner[0] if sooner else None)
