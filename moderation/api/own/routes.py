"""The paths of our own `/v1`, as the OpenAPI document describes them."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse

from moderation.api.access import service_of, spend_quota
from moderation.api.guard import GONE
from moderation.api.own import examples
from moderation.api.own.answers import (
    AboutOut,
    AppealOut,
    DecisionOut,
    LabelOut,
    Refused,
    StoredDecisionOut,
    VerdictOut,
)
from moderation.api.own.asking import key_for, site_for
from moderation.api.own.bulk import BulkAnswer
from moderation.api.own.describing import BULK, KEYS, errors_of, errors_without_body
from moderation.api.own.forms import about_to_dict, appeal_to_dict, stored_to_dict, verdict_to_dict
from moderation.api.own.models import (
    AppealIn,
    CommentIn,
    LabelIn,
    NewCommentIn,
    OneOrMoreLabels,
    OneOrMoreVerdicts,
    VerdictIn,
)
from moderation.api.own.writing import write_appeal, write_labels, write_verdicts
from moderation.api.problems import document
from moderation.api_keys import ApiKey
from moderation.domain import Scope
from moderation.errors import ModerationError
from moderation.public_form import decision_to_dict

router = APIRouter(prefix="/v1", dependencies=KEYS, generate_unique_id_function=lambda route: route.name)

_Analyze = Annotated[ApiKey, Depends(key_for(Scope.ANALYZE, comments=1))]
_Submit = Annotated[ApiKey, Depends(key_for(Scope.SUBMIT, comments=1))]
_SubmitSeveral = Annotated[ApiKey, Depends(key_for(Scope.SUBMIT))]
_Moderate = Annotated[ApiKey, Depends(key_for(Scope.MODERATE))]


@router.get("", response_model=AboutOut, responses=errors_without_body(), tags=["about"])
async def answer_about(
    request: Request, key: Annotated[ApiKey, Depends(key_for(Scope.ANALYZE))]
) -> JSONResponse:
    """Say what decides now: the model, what it scores and in which languages, and the ruleset."""
    del key
    return JSONResponse(about_to_dict(service_of(request).pipeline))


@router.post("/check", response_model=DecisionOut, responses=errors_of(), tags=["comments"])
async def answer_check(
    request: Request, key: _Analyze, comment: Annotated[CommentIn, Body(openapi_examples=examples.CHECK)]
) -> JSONResponse:
    """Decide a comment, and store nothing."""
    asked = comment.comment(site_for(key, comment.site))
    decision = await service_of(request).checks.ask(asked, request.scope[GONE])
    return JSONResponse(decision_to_dict(decision))


@router.post("/comments", response_model=StoredDecisionOut, responses=errors_of(409), tags=["comments"])
async def answer_submit(
    request: Request, key: _Submit, comment: Annotated[NewCommentIn, Body(openapi_examples=examples.SUBMIT)]
) -> JSONResponse:
    """Decide a comment and store both, once: the same call again gives the same answer.

    A comment is known again by site, external id and revision; with another text, these are a conflict (409).
    """
    asked = comment.comment(site_for(key, comment.site))
    answer = await service_of(request).submits.ask(asked, request.scope[GONE])
    return JSONResponse(stored_to_dict(answer))


@router.post("/comments/bulk", status_code=200, response_class=BulkAnswer, **BULK, tags=["comments"])
async def submit_bulk(request: Request, key: _SubmitSeveral) -> BulkAnswer:
    """Submit comments of any number: one JSON object a line, and in order one answer a line, while they come.

    A line that can't be taken is answered with its error, and costs no other line anything. A line that is answered
    with a decision is stored. Empty lines are counted, and get no answer.
    """
    return BulkAnswer(request, key)


@router.post(
    "/verdicts",
    response_model=VerdictOut | list[VerdictOut | Refused],
    responses=errors_of(404, 409),
    tags=["moderators"],
)
async def answer_verdicts(
    request: Request,
    key: _Moderate,
    verdicts: Annotated[OneOrMoreVerdicts, Body(openapi_examples=examples.VERDICTS)],
) -> JSONResponse:
    """Take what moderators decided elsewhere: one verdict, or a list of up to 500 with an answer each.

    A comment that waits in the queue leaves it. In a list, one that can't be taken costs no other one anything.

    409: its uid was used for another verdict.
    """
    several: list[VerdictIn] = verdicts if isinstance(verdicts, list) else [verdicts]
    await spend_quota(request, key, len(several))
    service = service_of(request)
    results = await service.writes.do(lambda: write_verdicts(service.store, key, several))
    if not isinstance(verdicts, list):
        return JSONResponse(verdict_to_dict(results[0]))
    return JSONResponse([_or_refused(verdict_to_dict, result) for result in results])


@router.post(
    "/labels",
    response_model=LabelOut | list[LabelOut | Refused],
    responses=errors_of(404),
    tags=["moderators"],
)
async def answer_labels(
    request: Request,
    key: _SubmitSeveral,
    labels: Annotated[OneOrMoreLabels, Body(openapi_examples=examples.LABELS)],
) -> JSONResponse:
    """Take scores that people say a text should have: one label, or a list of up to 500 with an answer each.

    Nothing is decided by them; they are kept for evaluating and training models.
    """
    several: list[LabelIn] = labels if isinstance(labels, list) else [labels]
    await spend_quota(request, key, len(several))
    service = service_of(request)
    results = await service.writes.do(lambda: write_labels(service.store, key, several))
    if not isinstance(labels, list):
        return JSONResponse(_label_to_dict(results[0]))
    return JSONResponse([_or_refused(_label_to_dict, result) for result in results])


@router.post("/appeals", response_model=AppealOut, responses=errors_of(404, 409), tags=["authors"])
async def receive_appeal(
    request: Request, key: _Submit, appeal: Annotated[AppealIn, Body(openapi_examples=examples.APPEAL)]
) -> JSONResponse:
    """Take an author's objection to a comment that is not published; a moderator answers it.

    409: the comment is published, or an appeal about it is open already.
    """
    service = service_of(request)
    taken = await service.writes.do(lambda: write_appeal(service.store, key, appeal))
    return JSONResponse(appeal_to_dict(taken))


def _label_to_dict(error: ModerationError | None) -> dict[str, Any]:
    if error:
        raise error
    return {"status": "stored"}


def _or_refused(form: Any, result: Any) -> dict[str, Any]:  # noqa: ANN401 - either kind of result
    try:
        made: dict[str, Any] = form(result)
    except ModerationError as error:
        return {"error": document(error)}
    return made
