"""Errors of the service, as errors of this package."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from moderation import errors
from moderation.errors import ClientError, LaterError, ModerationError, RequestError, RequestFault

_MET: Mapping[str, Callable[..., ModerationError]] = {
    kind.code: kind
    for kind in (
        errors.ApiKeyError,
        errors.AppealError,
        errors.CommentConflictError,
        errors.CommentNotFoundError,
        errors.InvalidCommentError,
        errors.MissingApiKeyError,
        errors.ModelError,
        errors.PermissionDeniedError,
        errors.ScopeError,
        errors.StoreBusyError,
        errors.StoreError,
        errors.StoreFullError,
        errors.StoreOutdatedError,
        errors.StoreReadOnlyError,
        errors.StoreUnreachableError,
        errors.VerdictError,
    )
}
_LATER: Mapping[str, type[LaterError]] = {
    kind.code: kind for kind in (LaterError, errors.QuotaError, errors.OverloadedError)
}


def error_in(response: httpx.Response) -> ModerationError:
    """Return the error that an answer says; its body has been read."""
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict) or "code" not in said:
        return ClientError(
            f"the service answers {response.status_code}, and no error of its own",
            hint="a proxy may stand in between, or the address is that of something else",
            status=response.status_code,
        )
    return error_of(said)


def error_of(said: Mapping[str, Any]) -> ModerationError:
    """Return the error that a problem document says."""
    code, what, hint = str(said.get("code")), str(said.get("title", "")), str(said.get("detail", ""))
    if code in _MET:
        return _MET[code](what, hint=hint)
    if code in _LATER:
        return _LATER[code](what, hint=hint, retry_after_s=asked_in(said) or 1.0)
    status = status_in(said)
    if code == RequestError.code:
        faults = [RequestFault(str(one["pointer"]), str(one["detail"])) for one in said.get("errors", ())]
        return RequestError(what, hint=hint, status=status or 400, faults=faults)
    return ClientError(what or "the service could not answer", hint=hint, status=status)


def asked_in(said: Mapping[str, Any]) -> float | None:
    """Return when a problem document wants the request again, in seconds; `None` if it doesn't say."""
    seconds = said.get("retry_after_s")
    return float(seconds) if isinstance(seconds, int | float) else None


def status_in(said: Mapping[str, Any]) -> int | None:
    """Return the HTTP status that a problem document names."""
    status = said.get("status")
    return status if isinstance(status, int) else None
