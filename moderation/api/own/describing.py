"""What the OpenAPI document says of every path: who may, and each error that can come."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Security
from fastapi.security import APIKeyHeader, HTTPBearer

from moderation.api.own.answers import ProblemDocument
from moderation.api.problems import MEDIA_TYPE

KEYS = [
    Security(HTTPBearer(scheme_name="bearer", description="A key of the service.", auto_error=False)),
    Security(APIKeyHeader(name="X-API-Key", scheme_name="header", auto_error=False)),
]
"""How a key comes: for the document alone. `moderation/api/access.py` reads it."""

_PROBLEM = {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}

_SAID = {
    400: "The body can't be read.",
    401: "There is no key, or it is not valid.",
    403: "The key may not do this, or not on this site.",
    404: "There is no such comment.",
    409: "It contradicts what is stored.",
    413: "The body is too large.",
    422: "A field is missing, unknown, or of another form.",
    429: "The key's quota of this minute is used up.",
    500: "A fault of the service.",
    503: "Too much waits, or the database can't be used: send the same again a little later.",
}
_WAIT = {
    "Retry-After": {
        "description": "Seconds to wait.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
}
_HEADERS: Mapping[int, Mapping[str, Any]] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    429: _WAIT,
    503: {"Retry-After": _WAIT["Retry-After"] | {"required": False}},
}
_BULK_TYPE = "application/x-ndjson"
_BULK_BODY = '{"external_id": "c-1", "text": "Good morning."}\n{"external_id": "c-2"}\n'
_BULK_ANSWER = (
    '{"line": 1, "external_id": "c-1", "decision": {…}}\n{"line": 2, "error": {"status": 422, …}}\n'
)
_ALWAYS = (400, 401, 403, 413, 422, 429, 500, 503)


def errors_of(*more: int) -> dict[int | str, dict[str, Any]]:
    """Return the errors of a path that takes a body: those that any has, and some more statuses."""
    return {status: _error(status) for status in sorted({*_ALWAYS, *more})}


def errors_without_body() -> dict[int | str, dict[str, Any]]:
    """Return the errors of a path that takes no body."""
    return {status: _error(status) for status in (400, 401, 403, 413, 429, 500, 503)}


def _error(status: int) -> dict[str, Any]:
    return {
        "description": _SAID[status],
        "content": {MEDIA_TYPE: {"schema": _PROBLEM, "example": _example(status)}},
        "headers": dict(_HEADERS.get(status, {})),
    }


def _example(status: int) -> dict[str, Any]:
    return {
        "type": "urn:comment-moderation:error:request",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": "request",
    }


BULK: dict[str, Any] = {
    "responses": {
        200: {
            "description": "One answer a line, in order.",
            "content": {_BULK_TYPE: {"schema": {"type": "string"}, "example": _BULK_ANSWER}},
        },
        **{status: _error(status) for status in (400, 401, 403, 413, 429, 500, 503)},
    },
    "openapi_extra": {
        "requestBody": {
            "description": "One comment a line, each as `POST /v1/comments` takes it, of up to 1,000,000 bytes.",
            "required": False,  # no comments, no answers
            "content": {_BULK_TYPE: {"schema": {}, "example": _BULK_BODY}},
        }
    },
}
"""What is said of the path that reads and answers line by line."""
