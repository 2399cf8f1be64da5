"""`POST /coral/external`: Coral asks before it publishes a comment, and waits 200 ms."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderation.api.access import service_of
from moderation.api.coral.answers import answer_of
from moderation.api.coral.asked import CoralRequest
from moderation.api.coral.signature import HEADER, require_signature
from moderation.api.guard import GONE
from moderation.api.reading import as_model, parse_json, whole_letters
from moderation.api.routing import ServiceRoute
from moderation.errors import RequestError

PATH = "/coral/external"

_FORMATS = ("html", "plain")


def routes() -> list[ServiceRoute]:
    """Return the one path."""
    return [ServiceRoute(PATH, _external, methods=["POST"])]


async def _external(request: Request) -> Response:
    body = await request.body()
    require_signature(body, request.headers.getlist(HEADER))
    comment = as_model(CoralRequest, parse_json(whole_letters(body))).as_comment(plain=_is_plain(request))
    if not comment.text.strip():
        # Coral refuses empty comments itself; one that comes here has a picture or a rating, which we don't see.
        return Response(status_code=204)
    answer = answer_of(await service_of(request).checks.ask(comment, request.scope[GONE]))
    return Response(status_code=204) if answer is None else JSONResponse(answer)


def _is_plain(request: Request) -> bool:
    """Whether the phase's address says that bodies are plain text; Coral's requests don't say it.

    Raises:
        RequestError: it says something else.
    """
    said = request.query_params.get("format", "html")
    if said not in _FORMATS:
        raise RequestError(
            "`format` in the address is `html` or `plain`",
            hint="as in the phase's `Comment Body Format`",
            status=422,
        )
    return said == "plain"
