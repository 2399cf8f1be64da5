"""The client against a real server, with what goes wrong on the way."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlmodel import func, select

from moderation.api.app import app_of
from moderation.client import (
    AsyncClient,
    Client,
    ClientError,
    Label,
    NewVerdict,
    Retries,
    TakenVerdict,
    bulk,
)
from moderation.domain import Action, Author, Comment, Scope, VerdictKind
from moderation.errors import (
    ApiKeyError,
    AppealError,
    CommentConflictError,
    CommentNotFoundError,
    QuotaError,
    RequestError,
)
from moderation.store.tables.labels import LabelRow
from moderation.store.verdicts.verdict_log import verdicts_of
from tests.client.conftest import QUICK
from tests.support.loops import run_async
from tests.support.service_app import (
    breaks_off_after,
    key_of,
    loses_the_answer,
    open_service,
    refuses,
    stored_in,
)

pytestmark = pytest.mark.slow

COMMENT = Comment(
    "Good morning to all readers of this page, and thank you for reading it.",
    site="news",
    external_id="c-1",
    revision=2,
    thread="t",
    author=Author("u-1", "Ann", timedelta(days=2), 3, 0.25, is_trusted=True, is_moderator=False),
    created_at=datetime(2026, 11, 30, 8, 30, tzinfo=UTC),
    locale="de",
    is_top_level=True,
    reports=1,
)
EMPTY = Comment("", site="news", external_id="c-2")  # rejected: nothing is in it
MANY = [Comment(f"Comment number {number}", external_id=f"m-{number}") for number in range(7)]


def labels(running):
    with running.store.reading() as session:
        return session.exec(select(func.count()).select_from(LabelRow)).one()


def test_a_comment_arrives_with_all_that_is_known_of_it(running):
    decision = running.client.submit(COMMENT)
    assert (decision.action, decision.published, decision.language.code) == (Action.APPROVE, True, "en")
    assert decision.document["provenance"]["version"]
    stored = stored_in(running.store, decision.comment_id)
    assert stored.comment == COMMENT
    assert (stored.decision.id, stored.decision.created_at) == (decision.id, decision.created_at)


def test_a_check_stores_nothing_and_gives_reasons(running):
    checked = running.client.check(EMPTY)
    assert checked.action is Action.REJECT
    assert checked.reasons[0].rule == "length.empty"
    assert running.comments == []


def test_it_says_what_decides(running):
    about = running.client.about()
    assert (about.model, about.languages) == ("fake@000000000000", {"en"})
    assert "toxicity" in about.attributes


def test_verdicts_labels_and_appeals_arrive(running):
    number = running.client.submit(EMPTY).comment_id
    appeal = running.client.appeal("Why?", external_id="c-2", site="news")
    assert (appeal.comment_id, appeal.id) == (number, 1)
    with pytest.raises(AppealError):
        running.client.appeal("Why?", comment_id=number)
    verdict = NewVerdict(kind=VerdictKind.APPROVE, comment_id=number, by="ann")
    assert running.client.verdict(verdict).repeated is False
    taken, lost = running.client.verdicts([verdict, NewVerdict(kind=VerdictKind.REJECT, comment_id=99)])
    assert isinstance(taken, TakenVerdict)
    assert (taken.repeated, taken.uid, UUID(taken.uid).version) == (True, verdict.uid, 4)
    assert isinstance(lost, CommentNotFoundError)
    running.client.label(Label(text="a", scores={"toxicity": 1.0}))
    found, lost = running.client.labels([Label(comment_id=n, scores={"insult": 0.0}) for n in (number, 99)])
    assert found is None
    assert isinstance(lost, CommentNotFoundError)
    assert labels(running) == 2


def test_errors_are_those_of_the_library(running):
    running.client.submit(COMMENT)
    with pytest.raises(CommentConflictError) as conflict:
        running.client.submit(Comment("Another", site="news", external_id="c-1", revision=2))
    assert "revision=3" in conflict.value.hint
    with pytest.raises(RequestError) as refused:
        running.client.submit(Comment("without an id"))
    assert (refused.value.status, refused.value.faults[0].pointer) == (422, "#/external_id")
    with Client(running.address, "cmk_no", retries=QUICK) as stranger, pytest.raises(ApiKeyError):
        stranger.about()


@pytest.mark.parametrize("key", ["", " ", "sec\nret", "sécret", "secret "])
def test_what_is_no_key_is_not_sent_nor_quoted(key):
    with pytest.raises(ApiKeyError) as refused:
        Client("http://127.0.0.1:9", key)
    assert "ret" not in str(refused.value)


@pytest.mark.parametrize(
    "faults",
    [
        [loses_the_answer()],
        [refuses(503, **{"Retry-After": "0"})],
        [refuses(429), refuses(502), refuses(504)],
        [refuses(503, **{"Retry-After": "Mon, 30 Nov 2026 08:30:00 GMT"}), loses_the_answer()],
    ],
    ids=["no answer", "busy", "three", "two"],
)
def test_a_submit_is_tried_again_and_stored_once(running, faults):
    running.faulty.faults = list(faults)
    decision = running.client.submit(COMMENT)
    assert decision.document["id"] == decision.id
    assert running.comments == ["c-1"]
    assert len(running.faulty.requests) == len(faults) + 1


def test_a_verdict_is_tried_again_and_applied_once(running):
    number = running.client.submit(COMMENT).comment_id
    running.faulty.faults = [loses_the_answer()]
    assert running.client.verdict(NewVerdict(kind=VerdictKind.REJECT, comment_id=number)).repeated
    with running.store.reading() as session:
        assert len(verdicts_of(number, session=session)) == 1


def test_a_label_is_sent_once(running):
    running.faulty.faults = [loses_the_answer()]
    with pytest.raises(ClientError):
        running.client.label(Label(text="a", scores={"toxicity": 1.0}))
    assert labels(running) == 1


def test_an_appeal_is_not_sent_again(running):
    running.client.submit(EMPTY)
    running.faulty.faults = [refuses(503)]
    with pytest.raises(ClientError) as refused:
        running.client.appeal("Why?", external_id="c-2", site="news")
    assert refused.value.status == 503
    assert running.faulty.requests.count("/v1/appeals") == 1


def test_what_another_server_says_is_an_error_that_quotes_nothing(running):
    with Client(running.address + "/elsewhere", "key", retries=QUICK) as lost, pytest.raises(RequestError):
        lost.about()
    running.faulty.faults = [refuses(200), refuses(302, Location="/v1"), refuses(500)]
    for status in (200, 302, 500):
        with pytest.raises(ClientError) as strange:
            running.client.check(COMMENT)
        assert strange.value.status == status
        assert "readers" not in str(strange.value)


def test_nobody_there_is_an_error_after_the_budget():
    tight = Retries(total_s=0.05, first_s=0.01, longest_s=0.01)
    with Client("http://127.0.0.1:9", "key", retries=tight) as client, pytest.raises(ClientError) as lost:
        client.submit(COMMENT)
    assert "ConnectError" in lost.value.what


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [loses_the_answer()],
        [breaks_off_after(1)],
        [breaks_off_after(1), refuses(503), breaks_off_after(2), loses_the_answer()],
    ],
    ids=["none", "no answer", "one piece", "several"],
)
def test_many_comments_are_answered_in_order_whatever_breaks(running, monkeypatch, faults):
    monkeypatch.setattr("moderation.api.own.bulk.CHUNK", 2)
    monkeypatch.setattr(bulk, "LINES", 5)
    running.faulty.faults = list(faults)
    results = list(running.client.submit_many(iter(MANY)))
    assert [one.comment for one in results] == MANY
    assert all(one.decision and one.error is None for one in results)
    assert running.comments == [one.external_id for one in MANY]


def test_a_comment_that_is_not_taken_stops_no_other(running):
    comments = [MANY[0], Comment("no id"), Comment("another", external_id="m-0"), MANY[1]]
    first, without, conflict, last = running.client.submit_many(comments)
    assert (first.error, last.error) == (None, None)
    assert isinstance(without.error, RequestError)
    assert isinstance(conflict.error, CommentConflictError)


def test_none_of_many_comments_is_none(running):
    assert list(running.client.submit_many([])) == []
    assert running.faulty.requests == []


def test_many_comments_wait_for_a_quota(running, monkeypatch):
    spent = []

    def spend(key, comments):
        spent.append(comments)
        if len(spent) in {1, 2}:  # the chunk, and its first comment
            raise QuotaError("used up", retry_after_s=0.001)

    monkeypatch.setattr("moderation.api_keys.Quotas.spend", lambda _, key, comments: spend(key, comments))
    quick = Retries(total_s=20, first_s=0.001, longest_asked_s=0.001)
    with Client(running.address, running.key, retries=quick) as client:
        assert [one.decision is not None for one in client.submit_many(MANY)] == [True] * 7
    assert running.comments == [one.external_id for one in MANY]


def test_many_comments_end_where_the_service_takes_none(running, monkeypatch):
    monkeypatch.setattr(bulk, "LINES", 2)
    with Client(running.address, running.key, retries=Retries(total_s=0)) as client:
        results = client.submit_many(MANY)
        assert [next(results).comment, next(results).comment] == MANY[:2]
        running.faulty.faults = [refuses(503)]
        with pytest.raises(ClientError):
            next(results)


async def many(client, comments):
    return [one async for one in client.submit_many(comments)]


def test_the_asynchronous_client_does_the_same(running, monkeypatch):
    monkeypatch.setattr(bulk, "LINES", 3)

    async def each():
        for comment in MANY:
            yield comment

    async def work():
        async with AsyncClient(running.address, running.key, retries=QUICK) as client:
            assert (await client.about()).model == "fake@000000000000"
            assert (await client.check(EMPTY)).action is Action.REJECT
            running.faulty.faults = [refuses(503), loses_the_answer()]
            number = (await client.submit(EMPTY)).comment_id
            verdict = NewVerdict(kind=VerdictKind.REJECT, comment_id=number)
            assert await client.verdicts([verdict])
            assert (await client.verdict(verdict)).repeated
            await client.label(Label(text="a", scores={"toxicity": 1.0}))
            assert await client.labels([Label(text="a", scores={"toxicity": 1.0})]) == [None]
            assert (await client.appeal("Why?", comment_id=number)).comment_id == number
            running.faulty.faults = [breaks_off_after(1), refuses(429), loses_the_answer()]
            results = await many(client, MANY) + await many(client, each())
            assert [one.comment for one in results] == MANY * 2
            assert all(one.decision for one in results)
            running.faulty.faults = [refuses(500)]
            with pytest.raises(ClientError):
                await many(client, MANY)

    run_async(work())


def test_an_application_in_the_same_process_is_reached_without_a_network(sqlite_url):
    app = app_of(lambda: open_service(sqlite_url))
    key = key_of(sqlite_url, Scope.SUBMIT)

    async def work():
        async with (
            app.router.lifespan_context(app),
            AsyncClient("http://service", key, transport=httpx.ASGITransport(app)) as client,
        ):
            return [one.decision and one.decision.action async for one in client.submit_many(MANY)]

    assert run_async(work()) == [Action.APPROVE] * 7
