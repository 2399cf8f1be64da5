"""Scores that mean the same in every language: each language's own curve over a network's scores.

A network that was trained on sources of many kinds calls 0.8 what is 60 % in one language and 95 % in another. Beta
calibration (Kull, Silva Filho and Flach 2017, http://proceedings.mlr.press/v54/kull17a.html) puts that right:
logit(s') = a ln(s) - b ln(1 - s) + c, with a and b not negative, so that no two comments change places.
`tools/models/calibrate.py` fits the curves.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from moderation.scoring.protocol import ToxicityScorer

Curve: TypeAlias = tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)], float]
"""a, b and c of beta calibration; (1, 1, 0) changes nothing."""

Curves: TypeAlias = Mapping[str, Mapping[str, Curve]]
"""Curves by language and attribute."""

_LEAST = 1e-6  # a score of exactly 0 or 1 has no logarithm


def calibrated(score: float, curve: Curve) -> float:
    """Return a score, 0-1, on a curve."""
    a, b, c = curve
    inside = min(max(score, _LEAST), 1 - _LEAST)
    logit = a * math.log(inside) - b * math.log1p(-inside) + c
    # Whichever exponent is negative: the other one overflows.
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


class CalibratedScorer:
    """A network's scores, on the curve of each text's language; an attribute without one stays as it is.

    Args:
        scorer: the network.
        curves: by language and attribute.
        default: the language whose curves serve for texts in a language that is not told, or has none.
    """

    def __init__(self, scorer: ToxicityScorer, curves: Curves, *, default: str) -> None:
        self._scorer, self._curves, self._default = scorer, curves, default
        self.model: Final = scorer.model
        self.engine: Final = scorer.engine
        self.attributes: Final = scorer.attributes
        self.languages: Final = scorer.languages

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        """Score each text: attribute to score, in the order of the texts; see `ToxicityScorer`."""
        told = languages or [None] * len(texts)
        answers = self._scorer.score(texts, languages=languages)
        return [self._on_curve(answer, language) for answer, language in zip(answers, told, strict=True)]

    def close(self) -> None:
        """Give back the memory."""
        self._scorer.close()

    def _on_curve(self, answer: dict[str, float], language: str | None) -> dict[str, float]:
        curves = self._curves.get(language or self._default) or self._curves.get(self._default, {})
        return {
            attribute: calibrated(score, curves[attribute]) if attribute in curves else score
            for attribute, score in answer.items()
        }
