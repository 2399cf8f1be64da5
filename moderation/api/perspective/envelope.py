"""Errors as Google's clients read them: one envelope, whatever went wrong."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from moderation.api import problems
from moderation.errors import (
    ApiKeyError,
    LaterError,
    MissingApiKeyError,
    ModerationError,
    QuotaError,
    RequestError,
)

INVALID_REQUEST = "INVALID_REQUEST"

_KIND = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_STATUS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
_NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other"
    " form of API consumer identity to call this API."
)
_METRIC = "Analysis requests (AnalyzeComment)"


class PerspectiveError(RequestError):
    """What was asked can't be answered, in the words that Perspective's clients look for.

    Attributes:
        kind: Perspective's `errorType`; empty where it has none.
        more: what stands beside it.
    """

    def __init__(self, what: str, kind: str = INVALID_REQUEST, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(what)
        self.kind = kind
        self.more = more or {}


def refusal(error: ModerationError | None) -> JSONResponse:
    """Return the answer for an error; `None` is a fault of ours."""
    code = _code(error)
    said: dict[str, Any] = {"code": code, "message": _message(error), "status": _STATUS[code]}
    if details := _details(error):  # python's client shows an empty list in place of the message
        said["details"] = details
    return JSONResponse({"error": said}, code, _headers(error))


def _code(error: ModerationError | None) -> int:
    if isinstance(error, ApiKeyError):
        return 403 if isinstance(error, MissingApiKeyError) else 400
    code = problems.status_of(error)
    return code if code in _STATUS else 400


def _message(error: ModerationError | None) -> str:
    if isinstance(error, MissingApiKeyError):
        return _NO_KEY
    if isinstance(error, ApiKeyError):
        return "API key not valid. Please pass a valid API key."
    if isinstance(error, QuotaError):
        return f"Quota exceeded for quota metric '{_METRIC}' and limit '{_METRIC} per minute' of this key."
    told = problems.told(error)
    return told if isinstance(error, PerspectiveError) else told[:1].upper() + told[1:] + "."


def _details(error: ModerationError | None) -> list[dict[str, Any]]:
    if isinstance(error, PerspectiveError) and error.kind:
        return [{"@type": _KIND, "errorType": error.kind, **error.more}]
    if isinstance(error, QuotaError):
        return [_info("RATE_LIMIT_EXCEEDED")]
    if isinstance(error, ApiKeyError) and not isinstance(error, MissingApiKeyError):
        return [_info("API_KEY_INVALID")]
    return []


def _info(reason: str) -> dict[str, Any]:
    service = {"service": "commentanalyzer.googleapis.com"}  # as Google's: clients compare reason and domain
    return {"@type": _INFO, "reason": reason, "domain": "googleapis.com", "metadata": service}


def _headers(error: ModerationError | None) -> dict[str, str]:
    return {} if isinstance(error, ApiKeyError) else problems.headers_of(error)


def unanswered(why: str) -> LaterError:
    """Return what is raised where there is no score, and asking again may bring one."""
    return LaterError(why, hint="send the same request again a little later", retry_after_s=2.0)
