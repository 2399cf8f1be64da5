"""Errors as OpenAI words them: `{"error": {"message", "type", "param", "code"}}`, always with all four.

OpenAI's own clients send a request again after 408, 409, 429 and every 5xx. So what is no use to repeat is none of
these, and an overload is 429: they wait as long as `Retry-After` says.
"""

from starlette.responses import JSONResponse

from moderation.api.problems import headers_of, status_of, told
from moderation.errors import (
    ApiKeyError,
    LaterError,
    ModerationError,
    RequestError,
    ScopeError,
)

_INVALID = "invalid_request_error"
_CODES = {404: "unknown_url", 405: "method_not_supported", 413: "request_too_large"}


def refusal(error: ModerationError | None) -> JSONResponse:
    """Return the answer for an error; `None` is a fault of ours, of which nothing is told."""
    status = _status(error)
    kind, code = _kind(error, status)
    body = {"message": _message(error), "type": kind, "param": _param(error), "code": code}
    return JSONResponse({"error": body}, status, headers_of(error))


def _status(error: ModerationError | None) -> int:
    if isinstance(error, LaterError):
        return 429
    status = status_of(error)
    return 400 if status == 422 else status  # noqa: PLR2004 - Unprocessable Content, which OpenAI does not answer


def _kind(error: ModerationError | None, status: int) -> tuple[str, str | None]:
    """Return `type` and `code`."""
    if isinstance(error, ApiKeyError):
        return _INVALID, "invalid_api_key"
    if isinstance(error, ScopeError):
        return _INVALID, "missing_scope"
    if isinstance(error, LaterError):
        return "requests", "rate_limit_exceeded"
    if isinstance(error, RequestError):
        return _INVALID, _CODES.get(status)
    return "server_error", None


def _message(error: ModerationError | None) -> str:
    """Say what happened, where, and what to do."""
    said = [told(error)]
    if error and said[0] == error.what:
        faults = error.faults if isinstance(error, RequestError) else ()
        said += [fault.detail for fault in faults[:1]]
        said += [error.hint] if error.hint else []
    return ": ".join(said)


def _param(error: ModerationError | None) -> str | None:
    """Name the field that is wrong: `input`."""
    pointers = [fault.pointer.split("/") for fault in error.faults] if isinstance(error, RequestError) else []
    return next((parts[1] for parts in pointers if len(parts) > 1), None)
