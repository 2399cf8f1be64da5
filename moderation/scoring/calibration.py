"""Scores that mean the same in every language: each language's own curve over a network's scores.

A network that was trained on sources of many kinds calls 0.8 what is 60 % in one language and 95 % in another. A curve
puts that right: straight lines between points, each further to the right and higher than the one before, so that no
two comments change places. `tools/models/calibrate.py` fits the points, by centred isotonic regression. Nothing but
the four operations is needed, so that a score is the same on every machine.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator

from moderation.scoring.protocol import ToxicityScorer, basis_of
from moderation.text.scripts import dominant_script, script_of

CurvePoint: TypeAlias = tuple[float, float]
"""A network's score, and what it becomes."""


def _rising(points: tuple[CurvePoint, ...]) -> tuple[CurvePoint, ...]:
    whole = ((0.0, 0.0), *points, (1.0, 1.0))
    if any(right[0] <= left[0] or right[1] <= left[1] for left, right in pairwise(whole)):
        raise ValueError("each point of a curve lies right of the one before and above it, between 0 and 1")
    return points


Curve: TypeAlias = Annotated[tuple[CurvePoint, ...], AfterValidator(_rising)]
"""The points between (0, 0) and (1, 1), which every curve has; none changes nothing."""

Curves: TypeAlias = Mapping[str, Mapping[str, Curve]]
"""Curves by language and attribute."""


def calibrated(score: float, curve: Curve) -> float:
    """Return a score, 0-1, on a curve."""
    points = ((0.0, 0.0), *curve, (1.0, 1.0))
    right = min(bisect_right(points, score, key=lambda point: point[0]), len(points) - 1)
    (x, y), (next_x, next_y) = points[right - 1], points[right]
    return min(y + (next_y - y) * ((score - x) / (next_x - x)), next_y)  # rounding could go past it


class CalibratedScorer:
    """A network's scores, on the curve of each text's language; an attribute without one stays as it is.

    Args:
        scorer: the network.
        curves: by language and attribute.
        order: the network's languages. A text whose language is not told, or has no curves, is put on those of the
            first that is written in the text's script, else of the first.
    """

    def __init__(self, scorer: ToxicityScorer, curves: Curves, *, order: Sequence[str]) -> None:
        self._scorer, self._curves, self._first = scorer, curves, order[0]
        self._of_script = {script_of(language): language for language in reversed(order)}
        self.model: Final = scorer.model
        self.engine: Final = scorer.engine
        self.basis: Final = basis_of(scorer)
        self.attributes: Final = scorer.attributes
        self.languages: Final = scorer.languages

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        """Score each text: attribute to score, in the order of the texts; see `ToxicityScorer`."""
        told = languages or [None] * len(texts)
        answers = self._scorer.score(texts, languages=languages)
        rows = zip(answers, texts, told, strict=True)
        return [self._on_curve(answer, self._curves_of(text, language)) for answer, text, language in rows]

    def close(self) -> None:
        """Give back the memory."""
        self._scorer.close()

    def _curves_of(self, text: str, language: str | None) -> Mapping[str, Curve]:
        if language is not None and language in self._curves:
            return self._curves[language]
        written = dominant_script(text)
        nearest = self._of_script.get(written.script, self._first) if written else self._first
        return self._curves.get(nearest, {})

    @staticmethod
    def _on_curve(answer: dict[str, float], curves: Mapping[str, Curve]) -> dict[str, float]:
        return {
            attribute: calibrated(score, curves[attribute]) if attribute in curves else score
            for attribute, score in answer.items()
        }
