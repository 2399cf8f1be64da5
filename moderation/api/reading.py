"""Bodies as JSON: strict where JSON is, whatever the request calls it."""

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from moderation.errors import RequestError, RequestFault

_Model = TypeVar("_Model", bound=BaseModel)

_PAIRS = re.compile(rb"\\(?:(u[dD][89abAB]..\\u[dD][c-fC-F]..)|(u[dD][89a-fA-F]..)|.)", re.DOTALL)
_REPLACEMENT = rb"\ufffd"


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read bytes as JSON, whatever the Content-Type says: a browser's `fetch` of a string calls it text.

    Raises:
        RequestError: it is no JSON: not UTF-8, cut off, nested too deep; or it holds NaN, an endless number or half
            a surrogate pair.
    """
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:  # its message may quote the body
        raise RequestError("the body is not JSON", hint="send JSON in UTF-8") from None


def whole_letters(body: bytes) -> bytes:
    """Replace half surrogate pairs in JSON by U+FFFD, which is one UTF-16 unit too.

    JavaScript writes one where a text was cut inside an emoji, or where somebody means to have the check fail.
    """
    return _PAIRS.sub(lambda found: _REPLACEMENT if found[2] else found[0], body) if b"\\u" in body else body


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
