"""Comments as JSON lines: in order, each for itself, stored before they are answered."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from moderation.api.connection import ENDING
from moderation.api.own import bulk, lines
from moderation.api.own.lines import BulkLines
from moderation.domain import Comment, Outcome
from moderation.errors import QuotaError, StoreBusyError
from tests.support.laws import examples
from tests.support.service_app import stored_in

PATH = "/v1/comments/bulk"
TIMEOUT_S = 60


def line(external_id, text="Good morning.", **fields):
    return json.dumps({"text": text, "external_id": external_id} | fields)


def send(site, body, key=None):
    answer = site.client.post(PATH, content=body, headers=key or site.key())
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(one) for one in answer.text.splitlines()]


def codes(answers):
    return [(one["line"], one["error"]["code"] if "error" in one else one["external_id"]) for one in answers]


def test_a_line_that_is_bad_costs_its_neighbours_nothing(site):
    body = "\n".join([line("a"), "", "no json", "[]", line("b"), line("a", "another text"), "  ", line("c")])
    assert codes(send(site, body)) == [
        *((1, "a"), (3, "request"), (4, "request"), (5, "b"), (6, "comment_conflict"), (8, "c")),
    ]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n \n"])
def test_the_last_line_needs_no_end(site, end):
    assert codes(send(site, line("a").encode() + end)) == [(1, "a")]


def test_no_lines_are_no_answers(site):
    assert send(site, b"") == []


@pytest.mark.parametrize(
    "bad",
    [
        b"\xff",
        b"[" * 5_000,
        b'{"external_id": "x", "text": "\\ud800"}',
        b'{"external_id": "x", "text": NaN}',
        b'{"external_id": "x", "text": "a", "revision": 1e999}',
        b'{"external_id": "x", "text": "a", "revision": 2147483648}',
        b'{"external_id": "", "text": "a"}',
        b'{"text": "a"}',
        b'{"external_id": "x", "text": "a", "none": 1}',
        ('{"external_id": "' + "한" * 400 + '", "text": "a"}').encode(),
    ],
)
def test_hostile_lines_are_refused_one_by_one(site, bad):
    first, refused, last = send(site, b"\n".join([line("a").encode(), bad, line("b").encode()]))
    assert (first["external_id"], last["external_id"]) == ("a", "b")
    assert refused["error"]["status"] in {400, 422}


def test_a_line_that_is_too_long_is_not_kept(site, monkeypatch):
    monkeypatch.setattr(lines, "LINE_BYTES", 200)
    answers = send(site, "\n".join([line("a"), line("b", "x" * 300), line("c")]))
    assert codes(answers) == [(1, "a"), (2, "request"), (3, "c")]
    assert answers[1]["error"]["status"] == 413


def test_each_answer_is_a_decision_that_is_stored(site):
    (said,) = send(site, line("a", site="news"))
    stored = stored_in(site.store, said["decision"]["comment_id"])
    assert (stored.comment.external_id, stored.comment.site) == ("a", "news")
    assert said["decision"]["id"] == stored.decision.id


def test_a_key_is_held_to_its_sites_line_by_line(site):
    key = site.key(sites=["news"])
    body = "\n".join([line("a"), line("b", site="blog"), line("c", site="news")])
    assert codes(send(site, body, key)) == [(1, "a"), (2, "scope"), (3, "c")]


def test_what_is_beyond_the_quota_is_refused_line_by_line(site, monkeypatch):
    left = 3

    def spend(key, comments):
        nonlocal left
        if comments > left:
            raise QuotaError("used up", retry_after_s=7)
        left -= comments

    monkeypatch.setattr(bulk, "CHUNK", 2)
    monkeypatch.setattr(site.service.quotas, "spend", spend)
    answers = send(site, "\n".join([line("a"), "bad", line("b"), line("c"), line("d"), line("e")]))
    assert codes(answers) == [
        *((1, "a"), (2, "request"), (3, "b"), (4, "c"), (5, "quota"), (6, "quota")),
    ]
    assert answers[-1]["error"]["retry_after_s"] == 7


def test_a_database_that_is_locked_is_an_error_of_each_line(site, monkeypatch):
    def busy(comments):
        raise StoreBusyError("locked")

    monkeypatch.setattr(site.service.moderator, "take", busy)
    assert codes(send(site, "\n".join([line("a"), "bad"]))) == [(1, "store_busy"), (2, "request")]


def test_a_database_that_knows_no_quota_is_an_error_of_each_comment(site, monkeypatch):
    left = 1

    def spend(key, comments):
        nonlocal left
        if left < 1:
            raise StoreBusyError("locked")
        if comments > left:
            raise QuotaError("used up", retry_after_s=7)
        left -= comments

    monkeypatch.setattr(site.service.quotas, "spend", spend)
    key = site.key()
    first = send(site, "\n".join([line("a"), "bad", line("b")]), key)
    assert sorted(codes(first)) == [(1, "a"), (2, "request"), (3, "store_busy")]
    assert codes(send(site, line("c"), key)) == [(1, "store_busy")]


class Wire:
    """The other end of the connection, piece by piece."""

    def __init__(self, site):
        self.pieces: asyncio.Queue[Message] = asyncio.Queue()
        self.said: asyncio.Queue[Message] = asyncio.Queue()
        headers = [(name.lower().encode(), value.encode()) for name, value in site.key().items()]
        scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "path": PATH,
            "raw_path": PATH.encode(),
            "headers": headers,
        }
        scope |= {"query_string": b"", "root_path": "", "http_version": "1.1", "scheme": "http"}
        self.ending = asyncio.Event()
        scope |= {ENDING: self.ending}
        self.task = asyncio.ensure_future(site.app(scope, self.pieces.get, self.said.put))

    def send(self, body, *, more=True):
        self.pieces.put_nowait({"type": "http.request", "body": body.encode(), "more_body": more})

    def hang_up(self):
        self.pieces.put_nowait({"type": "http.disconnect"})

    async def hear(self):
        message = await asyncio.wait_for(self.said.get(), TIMEOUT_S)
        return message if message["type"] == "http.response.start" else message.get("body", b"")


def talk(conversation, site):
    return site.client.portal.call(_with, site, conversation)


async def _with(site, conversation):
    return await conversation(Wire(site))


def test_an_answer_comes_before_the_next_line_is_sent(site):
    async def conversation(wire):
        assert (await wire.hear())["status"] == 200
        for number in range(3):
            half = line(f"c-{number}")
            wire.send(half[:9])
            wire.send(half[9:] + "\n")
            answer = b""
            while not answer:
                answer = await wire.hear()
            assert json.loads(answer)["line"] == number + 1
        wire.send("", more=False)
        assert await wire.hear() == b""
        await wire.task

    talk(conversation, site)


def test_who_hangs_up_ends_it(site):
    async def conversation(wire):
        await wire.hear()
        wire.send(line("a") + "\n" + line("b"))
        assert json.loads(await wire.hear())["external_id"] == "a"
        wire.hang_up()
        await asyncio.wait_for(wire.task, TIMEOUT_S)

    talk(conversation, site)


def test_who_sends_nothing_for_long_is_told_and_let_go(site, monkeypatch):
    monkeypatch.setattr(bulk, "PIECE_S", 0.2)

    async def conversation(wire):
        await wire.hear()
        wire.send(line("a") + "\n")
        assert json.loads(await wire.hear())["external_id"] == "a"
        last = json.loads(await wire.hear())
        assert (last["line"], last["error"]["status"]) == (2, 408)
        assert await wire.hear() == b""
        await wire.task

    talk(conversation, site)


@pytest.mark.parametrize("idle", [True, False], ids=["waits", "sends"])
def test_the_end_of_the_service_ends_it_after_what_was_answered(site, idle):
    async def conversation(wire):
        await wire.hear()
        wire.send(line("a") + "\n")
        assert json.loads(await wire.hear())["external_id"] == "a"
        wire.ending.set()
        if not idle:
            wire.send(line("b") + "\n")
        last = json.loads(await wire.hear())
        if "decision" in last:  # what had come when the end did is still taken
            last = json.loads(await wire.hear())
        assert (last["error"]["status"], last["error"]["retry_after_s"]) == (503, 2)
        assert await wire.hear() == b""
        await wire.task

    talk(conversation, site)


def test_a_service_does_not_close_what_a_cancelled_upload_still_uses(site):
    with ThreadPoolExecutor(1) as pool:
        with site.service.bulk_work:
            closing = pool.submit(site.service.close)
            answers = site.service.moderator.take([Comment("Good morning.", external_id="a")])
            assert not closing.done()
        closing.result(TIMEOUT_S)
    assert all(result.outcome is not Outcome.FAILED for result in answers[0].checks.values())


@given(st.lists(st.binary(max_size=12).map(lambda one: one.replace(b"a", b"\n"))))
@examples(100)
def test_lines_are_those_of_the_whole_body_however_it_is_cut(pieces):
    reader = BulkLines()
    read = [one for piece in pieces for one in reader.feed(piece)]
    read += reader.end()
    whole = enumerate(b"".join(pieces).split(b"\n"), 1)
    assert [(one.number, one.body) for one in read] == [(n, body) for n, body in whole if body.strip()]
