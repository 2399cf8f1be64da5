"""Texts that no decision is stored of, scored as `moderation check` scores them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.checks.language import LanguageCheck
from moderation.checks.toxicity import ToxicityCheck
from moderation.domain import CheckResult, Comment, Outcome, Signal, SignalName
from moderation.pipeline import Pipeline
from moderation.rules.values.languages import code_in


@dataclass(frozen=True, slots=True)
class ScoredText:
    """What a text scored.

    Attributes:
        language: code of its language: the one that was said, else the one that was found; `und` if none was.
        scores: by attribute, 0-1; empty where the model had no answer.
        outcome: how the scoring ended.
    """

    language: str
    scores: Mapping[str, float]
    outcome: Outcome


def score_texts(
    pipeline: Pipeline, texts: Sequence[str], languages: Sequence[str | None]
) -> list[ScoredText]:
    """Score texts by the whole pipeline: what it leaves unscored, empty or endless, is unscored here too.

    Args:
        pipeline: the rules and their model.
        texts: as they were written.
        languages: of each text, as somebody said it; `None`, or what is no language, is found out.
    """
    given = [_said(language) for language in languages]
    decided = pipeline.decide([Comment(text) for text in texts], given=given)
    return [
        ScoredText(
            one.language.code,
            one.scores,
            one.checks[ToxicityCheck.name].outcome if ToxicityCheck.name in one.checks else Outcome.SKIPPED,
        )
        for one in decided
    ]


def _said(language: str | None) -> Mapping[str, CheckResult]:
    code = code_in(language)
    if code is None:
        return {}
    return {LanguageCheck.name: CheckResult(Outcome.OK, (Signal(SignalName.LANGUAGE, code, confidence=1.0),))}
