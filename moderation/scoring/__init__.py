"""How toxic a text is: the protocol, its two engines, and the catalogue of models.

Stable (docs/api.md): `ToxicityScorer`, `ATTRIBUTES`. What else is exported is for the rest of this package, and may
change in any release.
"""

from moderation.domain import ATTRIBUTES
from moderation.scoring.catalogue import CATALOGUE, EMBEDDED, KnownModel
from moderation.scoring.installed import ModelStatus, list_models, verify
from moderation.scoring.opening import Engine, open_scorer
from moderation.scoring.protocol import ToxicityScorer, basis_of

__all__ = [
    "ATTRIBUTES",
    "CATALOGUE",
    "EMBEDDED",
    "Engine",
    "KnownModel",
    "ModelStatus",
    "ToxicityScorer",
    "basis_of",
    "list_models",
    "open_scorer",
    "verify",
]
