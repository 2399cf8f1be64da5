"""Batches as they are sent: `multipart/mixed`, each part a request as text.

Python's own parser reads the headers. It does not cut the body, as a body of 24 MB takes it seconds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from moderation.api.perspective.envelope import PerspectiveError
from moderation.errors import RequestError

MOST_PARTS = 1_000
"""Requests of one batch."""

_MOST_HEADERS = 100
_HEAD_BYTES = 200_000  # an id may hold a whole comment, each byte of it written as three
_AFTER_MARK = re.compile(rb"(--)?[ \t]{0,100}+(?:\r?\n|\Z)")
_BLANK_LINE = re.compile(rb"(?:\A|\r?\n)\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_UNPRINTABLE = re.compile(r"[^ -~]")


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A request in a part.

    Attributes:
        method: `POST`.
        path: unquoted, without a query.
        query: as it came.
        headers: name in lower case, and value.
        body: what follows them.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class BatchPart:
    """A part of a batch: its `Content-ID`, empty if it has none, and its request, or why it can't be read."""

    content_id: str
    request: PartRequest | RequestError


def batch_parts(content_type: str, body: bytes) -> list[BatchPart]:
    """Cut a batch into its parts.

    Args:
        content_type: the header of the batch; it names what stands between the parts.
        body: the parts.

    Raises:
        PerspectiveError: it is no batch, or too large a one.
    """
    return [_part(piece) for piece in _pieces(_boundary(content_type), body)]


def _boundary(content_type: str) -> bytes:
    header = Message()
    header["content-type"] = _UNPRINTABLE.sub("", content_type)
    boundary = header.get_boundary("")
    if header.get_content_maintype() != "multipart" or not boundary:
        raise PerspectiveError("A batch is multipart/mixed, with a boundary", kind="")
    return str(boundary).encode("utf-8", "replace")


def _pieces(boundary: bytes, body: bytes) -> list[bytes]:
    cuts: list[tuple[int, int]] = []
    for begin, end, last in _marks(b"--" + boundary, body):
        cuts.append((begin, end))
        if last:
            break
        if len(cuts) > MOST_PARTS + 1:
            raise PerspectiveError(f"A batch has at most {MOST_PARTS:,} parts", kind="")
    else:
        cuts.append((len(body), len(body)))
    if len(cuts) <= 1:
        raise PerspectiveError("The batch has no parts", kind="")
    if len(cuts) > MOST_PARTS + 1:
        raise PerspectiveError(f"A batch has at most {MOST_PARTS:,} parts", kind="")
    return [body[end:begin] for (_, end), (begin, _) in pairwise(cuts)]


def _marks(mark: bytes, body: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where what stands between parts begins and ends, line ends included, and whether it is the last.

    `find` goes through 24 MB in milliseconds. `re` takes seconds, in which no other thread of the process runs.
    """
    at = body.find(mark)
    while at >= 0:
        rest = _AFTER_MARK.match(body, at + len(mark))
        if rest and (at == 0 or body[at - 1 : at] == b"\n"):
            before = 2 if body[max(at - 2, 0) : at] == b"\r\n" else 1
            yield max(at - before, 0), rest.end(), bool(rest[1])
        at = body.find(mark, at + len(mark))


def _part(piece: bytes) -> BatchPart:
    try:
        headers, content = _headers_and_rest(piece)
    except RequestError as error:
        return BatchPart("", error)
    content_id = next((value for name, value in headers if name == "content-id"), "")
    try:
        return BatchPart(content_id, _request(content))
    except RequestError as error:
        return BatchPart(content_id, error)


def _request(content: bytes) -> PartRequest:
    line, _, rest = content.lstrip(b"\r\n").partition(b"\n")
    if len(line) > _HEAD_BYTES:
        raise _too_long()
    words = line.decode("latin-1").split()
    if len(words) not in {2, 3}:
        raise PerspectiveError("The part is no HTTP request", kind="")
    try:
        target = urlsplit(words[1])
    except ValueError:
        raise PerspectiveError("The part's address is none", kind="") from None
    headers, body = _headers_and_rest(rest)
    return PartRequest(words[0].upper(), unquote(target.path), target.query, tuple(headers), body)


def _headers_and_rest(piece: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Cut at the first blank line; headers come unfolded, names in lower case."""
    blank = _BLANK_LINE.search(piece, 0, _HEAD_BYTES)
    if not blank and len(piece) > _HEAD_BYTES:
        raise _too_long()
    head, rest = (piece[: blank.start()], piece[blank.end() :]) if blank else (piece, b"")
    head = _FOLD.sub(b" ", head)
    if head.count(b"\n") + head.count(b"\r") > _MOST_HEADERS:
        raise PerspectiveError(f"The part has more than {_MOST_HEADERS} headers", kind="")
    read = HeaderParser().parsestr(head.decode("latin-1"))
    return list(_clean(read)), rest


def _too_long() -> PerspectiveError:
    return PerspectiveError(f"The part's headers are longer than {_HEAD_BYTES:,} bytes", kind="")


def _clean(read: Message) -> Iterator[tuple[str, str]]:
    for name, value in read.items():
        yield _UNPRINTABLE.sub("", name).lower(), _UNPRINTABLE.sub("", str(value)).strip()
