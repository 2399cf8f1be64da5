"""The discovery document: by it, Google's clients learn which methods there are and where."""

import json
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderation.api.options import service_options
from moderation.errors import RequestError

_DOCUMENT: dict[str, Any] = json.loads(Path(__file__).with_name("discovery.json").read_text(encoding="utf-8"))
_ROOTS = ("rootUrl", "baseUrl", "mtlsRootUrl")  # the last by those who have a client certificate


async def discover(request: Request) -> Response:
    """Answer with the document, which says where this service is reached. It asks for no key."""
    if request.query_params.get("version", _DOCUMENT["version"]) != _DOCUMENT["version"]:
        raise RequestError("there is only version v1alpha1", status=404)
    root = _root_of(request)
    headers = {"Cache-Control": "no-cache"}  # it depends on the name that was asked
    return JSONResponse(_DOCUMENT | dict.fromkeys(_ROOTS, root), headers=headers)


def _root_of(request: Request) -> str:
    """Return the address of this service, with a last slash: node's client appends to it."""
    return (service_options().public_url or str(request.base_url)).rstrip("/") + "/"
