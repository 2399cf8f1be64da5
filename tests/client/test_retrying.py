"""When a client tries again, and how it reads what the service says; with no network."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from moderation import errors
from moderation.client import Client, Retries
from moderation.client.problems import error_of
from moderation.client.retrying import Attempts, asked_by
from moderation.domain import Comment
from moderation.errors import ClientError, OverloadedError, QuotaError, RequestError, StoreBusyError

BUSY = OverloadedError("busy", retry_after_s=1)


def answering(*answers, **retries):
    """Return a client of a service that answers so, and what it was sent."""
    sent = []
    left = list(answers)

    def handle(request):
        sent.append(request)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    quick = Retries(**{"first_s": 0.001, "longest_s": 0.001} | retries)
    return Client("http://service/sub/", "key", retries=quick, transport=httpx.MockTransport(handle)), sent


def problem(code, status=503, **more):
    return httpx.Response(status, json={"code": code, "title": "it says so", "status": status} | more)


def test_a_sub_path_and_the_key_are_in_every_request():
    client, (sent) = answering(problem("quota", 403))
    with pytest.raises(QuotaError):
        client.check(Comment("a"))
    assert str(sent[0].url) == "http://service/sub/v1/check"
    assert sent[0].headers["authorization"] == "Bearer key"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"code": "quota", "retry_after_s": 7}, QuotaError),
        ({"code": "store_busy"}, StoreBusyError),
        ({"code": "request", "status": 422, "errors": [{"pointer": "#/a", "detail": "b"}]}, RequestError),
        ({"code": "verdict"}, errors.VerdictError),
        ({"code": "internal", "status": 500}, ClientError),
        ({"code": "rules"}, ClientError),
        ({"code": ["rules"], "status": "500"}, ClientError),
    ],
)
def test_a_problem_is_an_error_of_the_library_where_a_client_may_meet_it(said, kind):
    error = error_of(said)
    assert type(error) is kind
    if isinstance(error, QuotaError):
        assert error.retry_after_s == 7
    if isinstance(error, RequestError):
        assert [fault.pointer for fault in error.faults] == ["#/a"]


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("3", 3, 3),
        ("", None, None),
        ("soon", None, None),
        ("-1", None, None),
        ("9" * 30, 999_999_999, 999_999_999),
        ("Mon, 30 Nov 2020 08:30:00 GMT", 0, 0),
        ("Mon, 30 Nov 2020 08:30:00 -0000", 0, 0),
    ],
)
def test_retry_after_is_read_in_both_forms(header, least, most):
    asked = asked_by(httpx.Response(503, headers={"Retry-After": header}))
    assert (asked is None) is (least is None)
    assert asked is None or least <= asked <= most


def test_retry_after_may_be_a_time_to_come():
    when = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    asked = asked_by(httpx.Response(503, headers={"Retry-After": when}))
    assert asked
    assert 3000 < asked <= 3600


def test_what_the_service_asks_for_is_waited_for_up_to_a_cap():
    attempts = Attempts(Retries(total_s=100, first_s=0, longest_asked_s=5))
    assert attempts.after_refusal(BUSY, 503, 2.0) == 2.0
    assert attempts.after_refusal(BUSY, 503, 1e9) == 5.0


def test_pauses_grow_up_to_a_cap_and_begin_anew():
    attempts = Attempts(Retries(total_s=1e9, first_s=1, longest_s=8))
    for longest in (1, 2, 4, 8, 8, 8):
        assert 0 <= attempts.after_break(httpx.ReadError("")) <= longest
    attempts.begin()
    assert attempts.after_break(httpx.ReadError("")) <= 1


def test_no_pause_is_longer_than_the_budget():
    attempts = Attempts(Retries(total_s=1, first_s=0))
    with pytest.raises(OverloadedError):
        attempts.after_refusal(BUSY, 503, 2.0)


def test_an_attempt_waits_no_longer_than_what_is_left():
    attempts = Attempts(Retries(total_s=5, first_s=0))
    assert attempts.timeout(10) == 10
    attempts.after_break(httpx.ReadError(""))
    assert attempts.timeout(10) <= 5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 500, 501])
def test_what_would_be_refused_again_is_not_sent_again(status):
    client, sent = answering(problem("internal", status))
    with pytest.raises(ClientError):
        client.check(Comment("a"))
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("error", "requests"),
    [
        (httpx.ConnectError("refused"), 2),
        (httpx.ConnectTimeout("slow"), 2),
        (httpx.PoolTimeout("full"), 2),
        (httpx.ReadTimeout("slow"), 1),
        (httpx.WriteError("gone"), 1),
        (httpx.UnsupportedProtocol("ftp"), 1),
    ],
)
def test_an_appeal_is_sent_again_only_if_it_was_not_sent(error, requests):
    client, sent = answering(error, problem("appeal", 409))
    with pytest.raises((ClientError, errors.AppealError)):
        client.appeal("Why?", comment_id=1)
    assert len(sent) == requests


@pytest.mark.parametrize("body", [b"", b"[]", b'{"action": "approve"}', b'{"action": 1}', b"null"])
def test_an_answer_of_another_form_is_an_error(body):
    client, _ = answering(httpx.Response(200, content=body))
    with pytest.raises(ClientError, match="another form"):
        client.check(Comment("a"))


@pytest.mark.parametrize("lines", [b"no json\n", b"[]\n", b'{"decision": {}}\n'])
def test_a_line_of_another_form_is_an_error(lines):
    client, _ = answering(httpx.Response(200, content=lines))
    with pytest.raises(ClientError, match="another form"):
        list(client.submit_many([Comment("a", external_id="1")]))


def test_errors_and_values_show_no_text():
    client, _ = answering(httpx.Response(500, content=b"SECRET"), httpx.ReadError("x"), total_s=0)
    for _ in range(2):
        with pytest.raises(ClientError) as error:
            client.check(Comment("SECRET"))
        assert "SECRET" not in str(error.value)


def test_what_has_no_answer_though_the_answer_ended_is_sent_again():
    decision = {"action": "approve", "published": True, "reasons": [], "scores": {}, "id": 1, "comment_id": 1}
    decision |= {"language": {"code": "und", "confidence": 0}, "created_at": "2026-11-30T08:30:00Z"}
    line = json.dumps({"line": 1, "decision": decision})
    client, sent = answering(*(httpx.Response(200, text=line + "\n") for _ in range(2)))
    comments = [Comment("a", external_id=number) for number in "12"]
    assert [one.comment for one in client.submit_many(comments)] == comments
    assert [json.loads(one)["external_id"] for one in sent[1].content.splitlines()] == ["2"]
