"""What Perspective API calls its attributes, and what they are called here."""

from collections.abc import Mapping
from types import MappingProxyType

_PRODUCTION = {
    "TOXICITY": "toxicity",
    "SEVERE_TOXICITY": "severe_toxicity",
    "IDENTITY_ATTACK": "identity_attack",
    "INSULT": "insult",
    "THREAT": "threat",
    "PROFANITY": "obscene",  # best first: OBSCENE came from moderators of one newspaper, in English alone
    "OBSCENE": "obscene",
    "SEXUALLY_EXPLICIT": "sexual_explicit",
}

ATTRIBUTE_OF: Mapping[str, str] = MappingProxyType(
    _PRODUCTION | {f"{name}_EXPERIMENTAL": attribute for name, attribute in _PRODUCTION.items()}
)
"""By Perspective's name, in capitals, the attribute in `moderation.domain.ATTRIBUTES`; other names have none."""

NAMES_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        attribute: tuple(name for name, ours in ATTRIBUTE_OF.items() if ours == attribute)
        for attribute in ATTRIBUTE_OF.values()
    }
)
"""By attribute, Perspective's names of it, best first: what a score of ours is answered under."""
