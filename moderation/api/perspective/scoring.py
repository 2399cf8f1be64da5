"""A text's scores and those of its sentences; where there are none, why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from moderation.api.access import service_of
from moderation.api.perspective.asking import ask, base_of, together
from moderation.api.perspective.attributes import AskedAttribute
from moderation.api.perspective.envelope import PerspectiveError, unanswered
from moderation.api.perspective.sentences import sentences
from moderation.api.service import Scoring
from moderation.domain import UNDETERMINED, Outcome
from moderation.pipeline import Scored

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class TextScores:
    """What a text scores.

    Attributes:
        language: what it was scored by: as the client named it, or as it was detected.
        detected: the language that it looks like; empty where nobody looked.
        scores: by attribute, in our names.
    """

    language: str
    detected: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Unscored:
    """A text that the model can't score, and what to tell a client that does not ask to go without.

    Attributes:
        detected: the language that it looks like; empty where nobody looked.
        error: why it is not scored.
    """

    detected: str
    error: PerspectiveError


@dataclass(frozen=True, slots=True)
class TextPart:
    """A sentence (code points, `end` exclusive) and what it scores; nothing where the model can't score it."""

    begin: int
    end: int
    scores: Mapping[str, float]


async def scores_of(
    text: str, named: Sequence[str], asked: Sequence[AskedAttribute], request: Request
) -> TextScores | Unscored:
    """Score a text by the first language that the client named, else by the one that is detected.

    Raises:
        LaterError: the model failed, or took too long.
    """
    if not asked:
        return TextScores(UNDETERMINED, "", {})
    known = _languages(request)
    if strange := [language for language in named if base_of(language) not in known]:
        return Unscored("", _not_supported(asked[0], strange, "requestedLanguages"))
    language = base_of(named[0]) if named else None
    scored = await ask(service_of(request).scores, Scoring(text, language), request)
    code = scored.language.code
    if scored.result.outcome is not Outcome.NOT_COVERED:
        return TextScores(code, scored.detected, _values(scored, asked))
    if code == UNDETERMINED:
        return Unscored(code, PerspectiveError("Unable to detect language", "LANGUAGE_DETECTION_FAILED"))
    return Unscored(code, _not_supported(asked[0], [code], "detectedLanguages"))


async def sentence_parts(text: str, whole: TextScores, request: Request) -> list[TextPart]:
    """Score each sentence as a text of its own, in the language of the whole.

    Raises:
        LaterError: the model failed, or took too long.
    """
    spans = sentences(text)
    language = whole.language if whole.language in _languages(request) else None
    texts = list(dict.fromkeys(text[span.start : span.end] for span in spans))
    scores = service_of(request).scores
    answers = await together([ask(scores, Scoring(one, language), request) for one in texts])
    found = {one: _part_values(answer) for one, answer in zip(texts, answers, strict=True)}
    return [TextPart(span.start, span.end, found[text[span.start : span.end]]) for span in spans]


def _languages(request: Request) -> frozenset[str]:
    scorer = service_of(request).pipeline.scorer
    return scorer.languages if scorer else frozenset()


def _part_values(scored: Scored) -> dict[str, float]:
    """A sentence may be in a language that the whole is not; it has no score then, and a made-up one least of all."""
    return {} if scored.result.outcome is Outcome.NOT_COVERED else _values(scored, ())


def _values(scored: Scored, asked: Sequence[AskedAttribute]) -> dict[str, float]:
    if scored.result.outcome is not Outcome.OK:
        raise unanswered("the comment could not be scored in time")
    if any(one.attribute not in scored.scores for one in asked):
        raise unanswered("the model was exchanged meanwhile")
    return scored.scores


def _not_supported(asked: AskedAttribute, languages: Sequence[str], kind: str) -> PerspectiveError:
    shown = [language[:_SHOWN] for language in languages]
    return PerspectiveError(
        f"Attribute {asked.name} does not support request languages: {', '.join(shown)}",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        {"languageNotSupportedByAttributeError": {"attribute": asked.name, kind: shown}},
    )
