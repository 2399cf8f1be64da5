"""`comments:analyze`: the scores of a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderation.api.access import model_headers, require_key, service_of
from moderation.api.perspective.asking import ask, detect, together
from moderation.api.perspective.attributes import RULES, AskedAttribute, asked_for
from moderation.api.perspective.forms import AnalyzeForm, read_form
from moderation.api.perspective.scoring import TextPart, Unscored, scores_of, sentence_parts
from moderation.api.perspective.utf16 import Utf16
from moderation.api_keys import ApiKey
from moderation.domain import Comment, Scope


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is to answer with.

    Attributes:
        asked: the attributes that have a score.
        scores: by attribute, of the whole text.
        parts: its sentences, if they are wanted.
        detected: the language that was found.
    """

    asked: Sequence[AskedAttribute]
    scores: Mapping[str, float]
    parts: Sequence[TextPart]
    detected: str


async def analyze_comment(request: Request) -> Response:
    """Score a text, and store nothing of it."""
    key = await require_key(request, Scope.ANALYZE)
    form = await read_form(AnalyzeForm, request)
    text = form.checked_text()
    found = await _find(form, text, key, request)
    return JSONResponse(_answer(form, text, found), headers=model_headers(request))


async def _find(form: AnalyzeForm, text: str, key: ApiKey, request: Request) -> _Found:
    scorer = service_of(request).pipeline.scorer
    asked = asked_for(form, scorer.attributes if scorer else ())
    by_model = [one for one in asked if not one.of_rules]
    by_rules = [one for one in asked if one.of_rules]
    scoring, rules = scores_of(text, form.languages, by_model, request), dict[str, float]()
    if by_rules:
        scored, rules = await together([scoring, _by_rules(text, key, request)])
    else:
        scored = await scoring
    if isinstance(scored, Unscored) and not form.drop_unsupported_attributes:
        raise scored.error
    # Not before here: nothing is done for what a full line, or the error above, refuses.
    detected = scored.detected or await detect(text, request)
    if isinstance(scored, Unscored):
        return _Found(by_rules, rules, (), detected)
    wanted = form.span_annotations and by_model
    parts = await sentence_parts(text, scored, request) if wanted else []
    return _Found(asked, {**scored.scores, **rules}, parts, detected)


async def _by_rules(text: str, key: ApiKey, request: Request) -> dict[str, float]:
    """Tell whether the ruleset would do what is asked about: 1 or 0."""
    comment = Comment(text, site=key.only_site or "default")
    decision = await ask(service_of(request).checks, comment, request)
    return {name: float(decision.action.strength >= least.strength) for name, least in RULES.items()}


def _answer(form: AnalyzeForm, text: str, found: _Found) -> dict[str, Any]:
    places = Utf16(text)
    scores = {
        one.name: _scores(one.attribute, found, places)
        for one in found.asked
        if one.threshold is None or found.scores[one.attribute] >= one.threshold
    }
    answer: dict[str, Any] = {"attributeScores": scores} if scores else {}
    answer["languages"] = form.languages or [found.detected]
    answer["detectedLanguages"] = [found.detected]
    return answer if form.client_token is None else answer | {"clientToken": form.client_token}


def _scores(attribute: str, found: _Found, places: Utf16) -> dict[str, Any]:
    whole = _score(found.scores[attribute])
    spans = [
        {
            "begin": places.units(part.begin),
            "end": places.units(part.end),
            "score": _score(part.scores[attribute]),
        }
        for part in found.parts
        if attribute in part.scores
    ]
    return {
        "spanScores": spans or [{"begin": 0, "end": places.length, "score": whole}],
        "summaryScore": whole,
    }


def _score(value: float) -> dict[str, Any]:
    return {"value": value, "type": "PROBABILITY"}
