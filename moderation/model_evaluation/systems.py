"""What is measured: a model that scores now, or scores that another system gave once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from moderation.disguise.unmask import unmask
from moderation.domain import UNDETERMINED
from moderation.language import LanguageDetector
from moderation.model_evaluation.labelled import Labelled, Numbers
from moderation.scoring import ToxicityScorer
from moderation.text import normalise

Advance = Callable[[int], None]
"""Told how many texts were scored."""

BeginTask = Callable[[str, int], Advance]
"""Told what begins and how many texts there are; returns what is to be told how far it is."""

_CHUNK = 64


@dataclass(frozen=True)
class SystemScores:
    """The scores of one system.

    Attributes:
        name: as the reports call it.
        identity: name and hash of the weights; empty for frozen scores.
        engine: what computed them; empty for frozen scores.
        scores: by attribute, NaN where there is none.
        not_covered: comments in languages that the model doesn't know: they have no score.
    """

    name: str
    identity: str = ""
    engine: str = ""
    scores: dict[str, Numbers] = field(default_factory=dict, repr=False)
    not_covered: int = 0


def languages_of_comments(labelled: Labelled, detector: LanguageDetector) -> list[str | None]:
    """Return each comment's language: by its column `lang` or `language`, else detected; `None` if nobody can tell."""
    told = labelled.columns.get("lang") or labelled.columns.get("language") or [""] * len(labelled.texts)
    found = (
        code or detector.detect(normalise(text).text).code
        for code, text in zip(told, labelled.texts, strict=True)
    )
    return [None if code == UNDETERMINED else code for code in found]


def score(
    scorer: ToxicityScorer,
    name: str,
    texts: Sequence[str],
    languages: Sequence[str | None],
    progress: Advance,
) -> SystemScores:
    """Score texts with a model as `moderation` does: normalised, unmasked, in languages that it knows."""
    covered = [row for row, code in enumerate(languages) if code is None or code in scorer.languages]
    found = {attribute: np.full(len(texts), np.nan) for attribute in scorer.attributes}
    for begin in range(0, len(covered), _CHUNK):
        rows = covered[begin : begin + _CHUNK]
        read = [unmask(normalise(texts[row]).text, languages[row]) for row in rows]
        answers = scorer.score(read, languages=[languages[row] for row in rows])
        for attribute, numbers in found.items():
            numbers[rows] = [answer[attribute] for answer in answers]
        progress(len(rows))
    missing = len(texts) - len(covered)
    progress(missing)
    return SystemScores(name, scorer.model, scorer.engine, found, missing)


def frozen_scores(labelled: Labelled) -> list[SystemScores]:
    """Return the systems whose scores stand in the file."""
    return [SystemScores(name, scores=scores) for name, scores in labelled.frozen.items()]
