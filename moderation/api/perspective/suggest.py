"""`comments:suggestscore`: what a text should score, kept as a label."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderation.api.access import model_headers, require_key, service_of
from moderation.api.perspective.asking import detect
from moderation.api.perspective.attributes import KNOWN, plain_name, unfit_type
from moderation.api.perspective.envelope import PerspectiveError
from moderation.api.perspective.forms import AttributeScores, SuggestedScore, SuggestForm, read_form
from moderation.api.perspective.utf16 import Utf16
from moderation.api_keys import ApiKey
from moderation.domain import Scope
from moderation.perspective_names import NAMES_OF
from moderation.store import Store
from moderation.store.labels import LabelSpan, NewLabel, add_labels

_SHOWN = 100


async def suggest_score(request: Request) -> Response:
    """Keep what a client says a text should score, unless it asks not to."""
    key = await require_key(request, Scope.SUBMIT)
    form = await read_form(SuggestForm, request)
    label = _label(form, form.checked_text(), key)
    if label.scores and not form.do_not_store:
        service = service_of(request)
        await service.writes.do(lambda: _store(service.store, label))
    answer: dict[str, Any] = {
        "requestedLanguages": form.languages,
        "detectedLanguages": [await detect(label.text, request)],
    }
    if form.client_token is not None:
        answer["clientToken"] = form.client_token
    return JSONResponse(answer, headers=model_headers(request))


def _store(store: Store, label: NewLabel) -> None:
    with store.transaction() as session:
        add_labels([label], datetime.now(UTC), session=session)


def _label(form: SuggestForm, text: str, key: ApiKey) -> NewLabel:
    """Return what is kept: the scores of attributes of ours, each by the best of its names.

    Raises:
        PerspectiveError: nothing is said, or something that is no score of a part of the text.
    """
    if not form.attribute_scores:
        raise PerspectiveError("Missing attribute_scores")
    places = Utf16(text)
    said = {
        plain_name(name): _checked(name, scores, places) for name, scores in form.attribute_scores.items()
    }
    scores: dict[str, float] = {}
    spans: list[LabelSpan] = []
    for attribute, names in NAMES_OF.items():
        if name := next((name for name in names if name in said), None):
            whole, parts = said[name]
            scores |= {} if whole is None else {attribute: whole}
            spans += [LabelSpan(attribute=attribute, begin=b, end=e, score=score) for b, e, score in parts]
    return NewLabel(
        site=key.only_site or "default",
        text=text,
        language=form.languages[0] if form.languages else None,
        scores=scores,
        spans=spans or None,
        source="perspective",
        by=key.name,
    )


_Parts = list[tuple[int, int, float]]
"""Begin, end (code points, end exclusive) and score of parts."""


def _checked(name: str, said: AttributeScores, places: Utf16) -> tuple[float | None, _Parts]:
    """Return the score of the whole text, if it was said, and those of parts."""
    if plain_name(name) not in KNOWN:
        raise PerspectiveError(f"Unknown attribute: {name[:_SHOWN]}")
    if said.summary_score is None and not said.span_scores:
        raise PerspectiveError(f"No score of attribute {name}")
    parts = list(_parts(name, said, places))
    if said.summary_score is not None:
        return _value(name, said.summary_score), parts
    # Clients send back what `analyze` answered: one span, over all of it.
    return next((score for begin, end, score in parts if (begin, end) == places.whole), None), parts


def _parts(name: str, said: AttributeScores, places: Utf16) -> Iterator[tuple[int, int, float]]:
    for span in said.span_scores:
        begin = None if span.begin is None else places.code_points(span.begin)
        end = None if span.end is None else places.code_points(span.end)
        if begin is None or end is None or begin >= end:
            raise PerspectiveError(
                f"A span of attribute {name} is no part of the text: begin and end are needed"
            )
        yield begin, end, _value(name, span.score)


def _value(name: str, score: SuggestedScore) -> float:
    if score.type not in {"PROBABILITY", "SCORE_TYPE_UNSPECIFIED"}:
        raise PerspectiveError(unfit_type(score.type, name))
    if score.value is None or not 0 <= score.value <= 1:
        raise PerspectiveError(f"A score of attribute {name} is no number from 0 to 1")
    return score.value
