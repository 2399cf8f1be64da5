"""What an engineer's type checker learns from the client: mypy checks this file, and it runs."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any, assert_type

import httpx

from moderation.client import (
    About,
    AsyncClient,
    BulkResult,
    CheckedComment,
    Client,
    Label,
    NewVerdict,
    Retries,
    SubmittedComment,
    TakenAppeal,
    TakenVerdict,
)
from moderation.domain import Action, Comment, Language, Reason, VerdictKind
from moderation.errors import ModerationError

DECISION = {"action": "approve", "published": True, "reasons": [], "shadow": [], "scores": {"toxicity": 0.1}}
DECISION |= {"language": {"code": "en", "confidence": 1.0}, "checks": {}, "provenance": {}}
STORED = DECISION | {"id": 1, "comment_id": 2, "created_at": "2026-11-30T08:30:00Z"}


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=STORED)


def test_answers_have_types() -> None:
    with Client("http://service", "key", transport=httpx.MockTransport(answer)) as client:
        checked = assert_type(client.check(Comment("a")), CheckedComment)
        assert_type(checked.action, Action)
        assert_type(checked.reasons, tuple[Reason, ...])
        assert_type(checked.language, Language)
        assert_type(checked.scores, Mapping[str, float])
        assert_type(checked.document, Mapping[str, Any])
        stored = assert_type(client.submit(Comment("a", external_id="1")), SubmittedComment)
        assert_type(stored.created_at, datetime)
    assert (stored.id, stored.comment_id) == (1, 2)


def calls(client: Client, given: NewVerdict, label: Label) -> None:
    """Never run: what the other calls return."""
    assert_type(client.about(), About)
    assert_type(client.verdict(given), TakenVerdict)
    assert_type(client.verdicts([given]), list[TakenVerdict | ModerationError])
    assert_type(client.labels([label]), list[ModerationError | None])
    assert_type(client.appeal("Why?", external_id="1"), TakenAppeal)
    for one in assert_type(client.submit_many(iter([Comment("a")])), Iterator[BulkResult]):
        assert_type(one.decision, SubmittedComment | None)
        assert_type(one.error, ModerationError | None)


async def asynchronous_calls(client: AsyncClient) -> None:
    """Never run: what the asynchronous client returns."""
    assert_type(await client.check(Comment("a")), CheckedComment)
    assert_type(client.submit_many([Comment("a")]), AsyncIterator[BulkResult])


def misuse(client: Client) -> None:
    """Never run: mypy finds each of these, and says so if one day it does not."""
    client.check("a text")  # type: ignore[arg-type]
    client.appeal("Why?", "1")  # type: ignore[call-arg]
    NewVerdict(VerdictKind.APPROVE)  # type: ignore[call-arg]
    Retries(total_s="1")  # type: ignore[arg-type]
