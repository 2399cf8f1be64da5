"""`/batch`: every part for itself, whatever its neighbours are like."""

import asyncio
import json
from email.parser import BytesParser
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.api.perspective import batch as batches
from moderation.api.perspective.multipart import MOST_PARTS, PartRequest, batch_parts
from moderation.domain import Scope
from moderation.errors import OverloadedError, RequestError
from tests.api.perspective.conftest import ANALYZE, SUGGEST

WELL = {"comment": {"text": "You idiot"}, "requestedAttributes": {"TOXICITY": {}}}
TYPE = "multipart/mixed; boundary=cut"


def part(body, *, content_id="<a>", line=f"POST {ANALYZE} HTTP/1.1", headers=(), end="\n"):
    content = body if isinstance(body, str) else json.dumps(body)
    lines = [
        "Content-Type: application/http",
        *([f"Content-ID: {content_id}"] if content_id else []),
        "",
        line,
    ]
    return end.join([*lines, *headers, "", content])


def joined(*parts, end="\n", close=True):
    return (end.join(f"--cut{end}{one}" for one in parts) + (f"{end}--cut--{end}" if close else "")).encode()


def send(client, body, *, key=None, kind=TYPE, path="/batch"):
    params = {"key": client.key if key is None else key}
    return client.http.post(path, params=params, content=body, headers={"Content-Type": kind})


def read(answer):
    """Return (Content-ID, status, headers, body) of each part."""
    assert answer.status_code == 200, answer.text
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    whole = BytesParser().parsebytes(head + answer.content)
    assert whole.is_multipart()
    return [read_part(one) for one in whole.walk() if one is not whole]


def read_part(one):
    assert one.get_content_type() == "application/http"
    line, _, rest = str(one.get_payload()).partition("\r\n")
    inner = BytesParser().parsebytes(rest.encode())
    version, status, _ = line.split(" ", 2)
    assert version == "HTTP/1.1"
    return one["Content-ID"], int(status), inner, json.loads(str(inner.get_payload()))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_part_that_fails_does_not_fail_the_others(client, end):
    parts = [
        part(WELL, content_id="<one>", end=end),
        part({"comment": {"text": ""}}, content_id="<two>", end=end),
        part("no JSON", content_id="<three>", end=end),
        part(WELL, content_id="<four>", line="GET /nothing HTTP/1.1", end=end),
        part(WELL, content_id="<five>", line=f"GET {ANALYZE} HTTP/1.1", end=end),
        part(WELL, content_id="<six>", line="POST /batch HTTP/1.1", end=end),
        part(WELL, content_id="<seven>", line="nonsense", end=end),
        part(WELL, content_id="<eight>", line="POST http://[ HTTP/1.1", end=end),
        part({"attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}}, **WELL}, content_id="", line=f"POST {SUGGEST}", end=end),
    ]  # fmt: skip
    found = read(send(client, joined(*parts, end=end)))
    assert [status for _, status, *_ in found] == [200, 400, 400, 404, 405, 400, 400, 400, 200]
    names = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    assert [content_id for content_id, *_ in found] == [*(f"<response-{name}>" for name in names), None]
    assert all(body["error"]["code"] == status for _, status, _, body in found if status != 200)
    assert all(headers["content-type"] == "application/json" for _, _, headers, _ in found)
    assert found[0][3]["attributeScores"]["TOXICITY"]
    assert len(client.labels()) == 1


LONG = quote("A whole comment, with + and <signs> and ü 😀. " * 300)


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        pytest.param("<item1>", "<response-item1>", id="plain"),
        pytest.param("item1", "response-item1", id="without brackets"),
        pytest.param("<uuid + 1>", "<response-uuid + 1>", id="python"),
        pytest.param("<uuid +\n 1>", "<response-uuid + 1>", id="folded"),
        pytest.param("<uuid\n + 1>", "<response-uuid + 1>", id="folded before"),
        pytest.param("<uuid +\r\n\t 1>", "<response-uuid + 1>", id="folded with a tab"),
        pytest.param("\n <uuid + 1>", "<response-uuid + 1>", id="folded at once"),
        pytest.param(f"<uuid + \n {LONG}>", f"<response-uuid + {LONG}>", id="a comment"),
    ],
)
def test_an_id_comes_back_on_one_line(client, sent, answered):
    answer = send(client, joined(part(WELL, content_id=sent)))
    line = next(line for line in answer.content.split(b"\r\n") if line.lower().startswith(b"content-id"))
    assert line.decode().partition(": ")[2].replace("+  ", "+ ") == answered


def test_a_part_has_its_own_key_or_the_batchs(client):
    other = client.new_key("other", Scope.SUBMIT)
    parts = [
        part(WELL),
        part(WELL, line=f"POST {ANALYZE}?key={other} HTTP/1.1"),
        part(WELL, headers=[f"X-Goog-Api-Key: {other}"]),
        part(WELL, line=f"POST {ANALYZE}?key={client.key} HTTP/1.1"),
    ]
    assert [status for _, status, *_ in read(send(client, joined(*parts)))] == [200, 403, 403, 200]
    assert [status for _, status, *_ in read(send(client, joined(*parts), key=""))] == [403, 403, 403, 200]
    assert [status for _, status, *_ in read(send(client, joined(part(WELL)), key="wrong"))] == [400]


def test_each_part_costs_one_of_the_quota(client):
    key = client.new_key("small", Scope.ANALYZE, quota=3)
    found = read(send(client, joined(*[part(WELL)] * 5), key=key))
    assert sorted(status for _, status, *_ in found) == [200, 200, 200, 429, 429]
    assert all(headers["retry-after"] for _, status, headers, _ in found if status == 429)


def test_a_thousand_parts_are_answered_in_order(client):
    parts = [part({"comment": {"text": ""}}, content_id=f"<{number}>") for number in range(MOST_PARTS)]
    found = read(send(client, joined(*parts)))
    assert [content_id for content_id, *_ in found] == [
        f"<response-{number}>" for number in range(MOST_PARTS)
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"", TYPE, id="nothing"),
        pytest.param(b"hello", TYPE, id="no boundary in it"),
        pytest.param(b"--cut--", TYPE, id="no parts"),
        pytest.param(joined(part(WELL)), "", id="no type"),
        pytest.param(joined(part(WELL)), "application/json", id="another type"),
        pytest.param(joined(part(WELL)), "multipart/mixed", id="no boundary"),
        pytest.param(joined(part(WELL)), "multipart/mixed; boundary=", id="an empty boundary"),
        pytest.param(joined(*["x"] * (MOST_PARTS + 1)), TYPE, id="too many"),
        pytest.param(joined(*["x"] * (3 * MOST_PARTS)), TYPE, id="far too many"),
        pytest.param(joined(*["x"] * (MOST_PARTS + 1), close=False), TYPE, id="too many, not closed"),
    ],
)
def test_what_is_no_batch_is_refused_in_the_envelope(client, body, kind):
    answer = send(client, body, kind=kind)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    "one",
    [
        pytest.param("", id="nothing"),
        pytest.param("\n\n\n", id="lines"),
        pytest.param("Content-Type: application/http", id="only a header"),
        pytest.param("a: b\n" * 103 + "\nPOST / HTTP/1.1\n\n", id="many headers"),
        pytest.param(f"\n\nPOST {ANALYZE} HTTP/1.1\n" + "a: b\n" * 103 + "\n{}", id="many headers within"),
        pytest.param(f"\nPOST {ANALYZE} HTTP/1.1\n\n" + "x" * 1_000_001, id="too large"),
        pytest.param(f"\nPOST {ANALYZE}?\x00\x80 HTTP/1.1\nа: \x01\n: \nx\n\n{{}}", id="signs"),
    ],
)
def test_a_part_that_is_no_request_is_refused_in_its_place(client, one):
    found = read(send(client, joined(one, part(WELL, content_id="<b>"))))
    assert [status // 100 for _, status, *_ in found] == [4, 2]
    assert found[1][0] == "<response-b>"


def test_a_batch_may_be_larger_than_another_request_and_is_bounded(client):
    large = joined(*[part({"comment": {"text": ""}, "x": "y" * 900_000})] * 3)
    assert [status for _, status, *_ in read(send(client, large))] == [400] * 3
    answer = send(client, b"x" * (batches.BATCH_BYTES + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, 413)


def test_a_batch_waits_where_another_request_is_refused(client, monkeypatch):
    scores, refused = client.service.scores, list[str]()
    ask = scores.ask

    async def full_at_first(item, gone):
        if len(refused) < 2:
            refused.append(item.text)
            raise OverloadedError("full", retry_after_s=0.01)
        return await ask(item, gone)

    monkeypatch.setattr(scores, "ask", full_at_first)
    assert [status for _, status, *_ in read(send(client, joined(part(WELL))))] == [200]
    assert len(refused) == 2


def test_a_batch_does_not_wait_for_ever(client, monkeypatch):
    async def full(*_):
        raise OverloadedError("full", retry_after_s=61.0)

    monkeypatch.setattr(client.service.scores, "ask", full)
    assert [status for _, status, *_ in read(send(client, joined(part(WELL))))] == [503]


def test_a_part_that_breaks_is_logged_without_its_text_and_breaks_no_other(client, monkeypatch, caplog):
    ask = client.service.scores.ask

    async def break_down(item, gone):
        if item.text == "secret":
            raise RuntimeError(item.text)
        return await ask(item, gone)

    monkeypatch.setattr(client.service.scores, "ask", break_down)
    secret = part(WELL | {"comment": {"text": "secret"}})
    assert [status for _, status, *_ in read(send(client, joined(secret, part(WELL))))] == [500, 200]
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_batch_that_nobody_waits_for_is_not_worked_on(client, monkeypatch):
    asked = []

    async def hang_up(request):
        asked.append(request)
        request.scope["moderation.gone"].happened = True
        await asyncio.sleep(0)
        raise RequestError("never read")

    monkeypatch.setitem(batches._HANDLERS, ANALYZE, hang_up)
    with pytest.raises(Exception, match=r".*"):
        read(send(client, joined(*[part(WELL)] * 1000)))
    assert 0 < len(asked) < 100


@pytest.mark.parametrize(
    ("root", "public"),
    [("/sub", ""), ("", "https://mod.example/sub"), ("/sub", "https://mod.example/sub/")],
)
def test_parts_name_the_path_that_clients_see(client, monkeypatch, root, public):
    monkeypatch.setenv("MODERATION_SERVE_PUBLIC_URL", public)
    monkeypatch.setattr(client.http._transport, "root_path", root)
    parts = [part(WELL, line=f"POST /sub{ANALYZE} HTTP/1.1"), part(WELL)]
    assert [status for _, status, *_ in read(send(client, joined(*parts), path=f"{root}/batch"))] == [
        200,
        200,
    ]


HOSTILE = st.lists(
    st.sampled_from([b"--cut", b"--cut--", b"\r\n", b"\n", b"\r", b" ", b":", b"a: b", b"POST / HTTP/1.1", b"\x00", b"\xff", b"{}"]),
    max_size=40,
).map(b"".join)  # fmt: skip


@given(
    HOSTILE, st.sampled_from([TYPE, 'multipart/mixed; boundary="cut"', "multipart/x; boundary*=utf-8''cut"])
)
def test_any_body_is_cut_or_refused(body, kind):
    try:
        parts = batch_parts(kind, body)
    except RequestError:
        return
    assert 1 <= len(parts) <= body.count(b"--cut")


@given(st.text(max_size=60))
def test_any_content_type_is_read_or_refused(kind):
    try:
        batch_parts(f"multipart/mixed; boundary{kind}", b"--cut\n\n--cut--")
    except RequestError:
        return


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(" " * 300_000, id="one line"),
        pytest.param("Content-ID: a" + "\r\n " * 100_000, id="a folded id"),
        pytest.param("\r\n\r\nPOST " + "a" * 300_000, id="a request line"),
    ],
)
def test_a_part_with_a_head_without_end_is_refused_and_its_neighbours_are_not(client, piece):
    found = read(send(client, joined(piece, part(WELL), end="\r\n")))
    assert [status for _, status, *_ in found] == [400, 200]
    assert "headers are longer" in found[0][3]["error"]["message"]


@pytest.mark.parametrize("fill", [b"--cut", b"\r\n--cutx", b"\n--cut" + b" " * 200 + b"x", b"--cut-- x\n"])
def test_what_is_only_like_a_boundary_is_none(fill):
    body = b"--cut\r\nA: b\r\n\r\nPOST /a\r\n\r\n" + fill * 50 + b"\r\n--cut--\r\n"
    assert [one.request.body for one in batch_parts(TYPE, body) if isinstance(one.request, PartRequest)] == [
        fill * 50
    ]
