"""What the queue in the browser calls: JSON in and out, for whoever is logged in, from our own pages only."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, NotRequired
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, with_config
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import TypedDict

from dashboard import resources
from dashboard.components.queue.cards import card_to_json
from dashboard.components.queue.context import context
from dashboard.login.cookies import account_of_cookies
from dashboard.login.security import is_same_origin
from moderation.desk import QueueCounts, QueueFilter, User, VerdictRequest, VerdictResult, VerdictStatus
from moderation.domain import VerdictKind
from moderation.errors import CommentNotFoundError, ModerationError, PermissionDeniedError, StoreError

MOST_BYTES = 200_000
"""Bytes of a request."""

BATCH = 30
"""Comments that a browser holds."""


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SentFilter(_Message):
    """Which part of the queue, as in the page's URL, and whether to give back what is held first."""

    filter: dict[str, str] = Field(max_length=20)
    afresh: bool = False


def _canonical(uid: str) -> str:
    return str(UUID(uid))


@with_config(ConfigDict(extra="forbid"))
class SentVerdict(TypedDict):
    """What a browser may say of a `VerdictRequest`: it names what was shown, and is dated by us."""

    uid: Annotated[str, AfterValidator(_canonical)]
    item: int
    version: int
    text_hash: Annotated[str, Field(max_length=64)]
    kind: VerdictKind
    reason: NotRequired[Annotated[str, Field(max_length=200)]]
    note: NotRequired[Annotated[str, Field(max_length=2000)]]
    seconds: NotRequired[Annotated[float, Field(ge=0, le=86_400)] | None]


class SentUndo(_Message):
    """An undo: of a verdict, or of this moderator's last one."""

    uid: UUID
    verdict: int | None = None


class About(_Message):
    """Which comment somebody wants to know more about."""

    comment: int
    blind: bool = False


def next_batch(user: User, wanted: SentFilter) -> dict[str, Any]:
    """Lease comments and count what waits."""
    desk = resources.desk()
    queue_filter = QueueFilter.from_query(wanted.filter)
    if wanted.afresh:
        desk.release(user)
    cards = desk.next_batch(user, queue_filter, size=BATCH)
    return {
        "cards": [card_to_json(card) for card in cards],
        "counts": _counts(desk.queue_counts(queue_filter)),
    }


def decide(user: User, sent: Sequence[SentVerdict]) -> dict[str, Any]:
    """Apply verdicts, each for itself: one that isn't allowed keeps no other from being stored."""
    requests = [VerdictRequest(**one) for one in sent]
    return {"results": [_result(result) for result in resources.desk().decide_many(user, requests)]}


def undo(user: User, sent: SentUndo) -> dict[str, Any]:
    """Take a verdict back; the comment comes again with the next batch."""
    try:
        results = resources.desk().undo(user, uid=str(sent.uid), verdict=sent.verdict)
    except PermissionDeniedError as error:
        return {"results": [{"uid": str(sent.uid), "status": "denied", "message": error.what}]}
    items = [result.item for result in results if result.saved and result.item is not None]
    cards = resources.desk().cards(user, items)
    nothing = {"uid": str(sent.uid), "status": VerdictStatus.GONE, "message": "there is nothing to undo"}
    return {
        "results": [_result(result) for result in results] or [nothing],
        "cards": [card_to_json(card) for card in cards],
    }


def renew(user: User, _: _Message) -> dict[str, Any]:
    """Hold what is held for longer, because the moderator is at work."""
    return {"held": resources.desk().renew(user)}


def look_around(user: User, about: About) -> dict[str, Any]:
    """Tell more about a comment."""
    del user
    return context(resources.desk(), about.comment, blind=about.blind)


def routes() -> list[Route]:
    """Return the routes."""
    return [
        _route("/desk/next", SentFilter, next_batch),
        _route("/desk/verdicts", list[SentVerdict], decide),
        _route("/desk/undo", SentUndo, undo),
        _route("/desk/renew", _Message, renew),
        _route("/desk/context", About, look_around),
    ]


def _route(path: str, kind: Any, answer: Callable[[User, Any], Mapping[str, Any]]) -> Route:  # noqa: ANN401 - any type pydantic reads
    adapter = TypeAdapter(kind)

    async def endpoint(request: Request) -> Response:
        if not is_same_origin(request) or request.headers.get("x-moderation") != "queue":
            return _json({"error": "not from our own page"}, 403)
        account = await run_in_threadpool(account_of_cookies, request.cookies)
        if account is None or account.must_change:
            return _json({"error": "not logged in"}, 401)
        try:
            message = adapter.validate_json(await _body(request))
            return _json(await run_in_threadpool(answer, account.user, message), 200)
        except ValidationError:
            return _json({"error": "this request can't be read: reload the page"}, 400)
        except ModerationError as error:
            return _json({"error": error.what, "hint": error.hint}, _status_of(error))

    return Route(path, endpoint, methods=["POST"])


def _status_of(error: ModerationError) -> int:
    if isinstance(error, StoreError):
        return 503  # the browser tries again
    return 404 if isinstance(error, CommentNotFoundError) else 400


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return b""
    return body


def _json(document: Mapping[str, Any], status: int) -> Response:
    text = json.dumps(document, default=str)  # escaped to ASCII: a comment may hold half a surrogate pair
    return Response(text, status, {"Cache-Control": "no-store"}, "application/json")


def _counts(counts: QueueCounts) -> dict[str, Any]:
    return {
        "pending": counts.pending,
        "escalated": counts.escalated,
        "leased": counts.leased,
        "appeals": counts.appeals,
        "oldest": counts.oldest.isoformat() if counts.oldest else None,
    }


def _result(result: VerdictResult) -> dict[str, Any]:
    return {
        "uid": result.uid,
        "status": result.status,
        "message": result.message,
        "verdict": result.verdict.id if result.verdict else None,
        "item": result.item,
        "version": result.version,
    }
