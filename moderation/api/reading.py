"""Bodies as JSON: strict where JSON is, whatever the request calls it."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.requests import Request

from moderation.errors import RequestError, RequestFault

_Model = TypeVar("_Model", bound=BaseModel)


async def read_json(request: Request) -> Any:  # noqa: ANN401 - any JSON value
    """Read a body as JSON, whatever its Content-Type says: a browser's `fetch` of a string calls it text.

    Raises:
        RequestError: it is no JSON: not UTF-8, cut off, nested too deep; or it holds NaN, an endless number or half
            a surrogate pair.
    """
    return parse_json(await request.body())


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read bytes as JSON; see `read_json`."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:  # its message may quote the body
        raise RequestError("the body is not JSON", hint="send JSON in UTF-8") from None


def as_model(kind: type[_Model], value: object) -> _Model:
    """Hold a JSON value against a model.

    Raises:
        RequestError: it is of another form; names every place, and nothing of what stands there.
    """
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise RequestError(
            "the body is of another form", status=422, faults=faults_of(error.errors(include_input=False))
        ) from None


def faults_of(errors: Any) -> list[RequestFault]:  # noqa: ANN401 - pydantic's and FastAPI's lists are alike
    """Return the places that pydantic names, without what stands there."""
    return [
        RequestFault(_pointer(error["loc"]), str(error["msg"]).removeprefix("Value error, "))
        for error in errors
    ]


def _pointer(place: tuple[str | int, ...]) -> str:
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)
