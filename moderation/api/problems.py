"""Errors as problem documents (RFC 9457), made of the one error tree: what our own `/v1` answers with."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from starlette.responses import JSONResponse

from moderation.errors import (
    ApiKeyError,
    AppealError,
    CommentConflictError,
    CommentNotFoundError,
    InvalidCommentError,
    LaterError,
    MissingExtraError,
    ModelError,
    ModerationError,
    OverloadedError,
    PermissionDeniedError,
    QuotaError,
    RequestError,
    RequestFault,
    ScopeError,
    StoreError,
    VerdictError,
)

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[ModerationError], int] = {
    ApiKeyError: 401,
    ScopeError: 403,
    PermissionDeniedError: 403,
    CommentNotFoundError: 404,
    AppealError: 409,
    CommentConflictError: 409,
    InvalidCommentError: 422,
    VerdictError: 409,
    QuotaError: 429,
    OverloadedError: 503,
    LaterError: 503,
    StoreError: 503,
    ModelError: 503,
    MissingExtraError: 501,
}
"""The HTTP status of each class of errors; of a subclass, that of the nearest class above."""

_STORE_AGAIN_S = 2.0


def status_of(error: ModerationError | None) -> int:
    """Return the HTTP status of an error; 500 for one of ours."""
    if isinstance(error, RequestError):
        return error.status
    kinds = type(error).__mro__ if error else ()
    return next((_STATUS[kind] for kind in kinds if kind in _STATUS), 500)


def headers_of(error: ModerationError | None) -> dict[str, str]:
    """Return what an answer says besides: when to come back, how to show who you are, what is allowed."""
    if isinstance(error, LaterError):
        return {"Retry-After": str(max(1, ceil(error.retry_after_s)))}
    if isinstance(error, StoreError):
        return {"Retry-After": str(ceil(_STORE_AGAIN_S))}
    if isinstance(error, ApiKeyError):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, RequestError) and error.allow:
        return {"Allow": ", ".join(error.allow)}
    return {}


def told(error: ModerationError | None) -> str:
    """Return what a client may be told: of our own faults and of the database, nothing that names a place."""
    if error is None or isinstance(error, ModelError):
        return "the service could not answer; its log says why"
    if isinstance(error, StoreError):
        return "the database can't be used just now; nothing was stored"
    return error.what


def document(error: ModerationError | None) -> dict[str, Any]:
    """Return the problem document of an error."""
    status = status_of(error)
    code = error.code if error else "internal"
    made: dict[str, Any] = {
        "type": f"urn:comment-moderation:error:{code}",
        "title": told(error),
        "status": status,
        "code": code,
    }
    if error and error.hint and told(error) == error.what:
        made["detail"] = error.hint
    if isinstance(error, LaterError):  # for one of several answers, which has no header of its own
        made["retry_after_s"] = max(1, ceil(error.retry_after_s))
    if faults := _faults_of(error):
        made["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
    return made


def _faults_of(error: ModerationError | None) -> Sequence[RequestFault]:
    if isinstance(error, RequestError):
        return error.faults
    if isinstance(error, InvalidCommentError) and error.field:
        return [RequestFault("#/" + error.field.replace(".", "/"), error.what)]
    return ()


def refusal(error: ModerationError | None) -> JSONResponse:
    """Return the answer for an error."""
    return JSONResponse(document(error), status_of(error), headers_of(error), MEDIA_TYPE)
