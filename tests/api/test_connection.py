"""Connections that ask for nothing, never end, or never read: each is closed, and nobody else notices."""

from contextlib import suppress

import pytest

from moderation.api import connection as bounds
from moderation.cli.serving import KEEP_ALIVE_S, Serving, config_of
from tests.support.serving import connected, get, rest_of, serving, until

LARGE = 12_000_000


async def app(scope, receive, send):
    """Answer with what was asked; at /large with more than any buffer holds."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    body = b"x" * LARGE if scope["path"] == "/large" else scope["path"].encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def served(monkeypatch):
    for name in ("HEADER_S", "READ_S"):
        monkeypatch.setattr(bounds, name, 0.3)
    with serving(app, keep_alive=0.3) as running:
        yield running


@pytest.fixture
def port(served):
    return served.port


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param([], id="nothing"),
        pytest.param([b"\r\n"] * 3, id="empty lines"),
        pytest.param([b"GET / HT"], id="half a request line"),
        pytest.param([b"GET / HTTP/1.1\r\nHost: x\r\nX-Sl"], id="half a header"),
        pytest.param([b"GET / HTTP/1.1\r\nHost: x\r\n"], id="headers without end"),
        pytest.param([b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"], id="idle after an answer"),
        pytest.param([b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n"], id="an empty line after an answer"),
        pytest.param([b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET"], id="half a request after an answer"),
        pytest.param([b"\x16\x03\x01\x02\x00\x01\x00"], id="TLS where there is none"),
    ],
)
def test_a_connection_that_is_held_for_nothing_is_closed(port, sent):
    with connected(port) as held:
        for piece in sent:
            held.sendall(piece)
        rest_of(held)
    assert get(port, "/still")[2] == b"/still"


LONG = b"X-Long: " + b"a" * bounds.HEADER_BYTES


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"GET / HTTP/1.1\r\n" + LONG + b"\r\n\r\n", id="one long header"),
        pytest.param(b"GET /" + b"a" * bounds.HEADER_BYTES + b" HTTP/1.1\r\n\r\n", id="a long address"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"X-Many: b\r\n" * 8_000 + b"\r\n", id="many headers"),
        pytest.param(b"GET / HTTP/1.1\r\n" + LONG * 20, id="a header without end"),
    ],
)
def test_a_connection_with_a_flood_of_headers_is_closed(port, monkeypatch, sent):
    monkeypatch.setattr(bounds, "HEADER_S", 60)
    with connected(port) as flood:
        with suppress(ConnectionError):  # it was closed before all was sent
            flood.sendall(sent)
        rest_of(flood)
    assert get(port, "/still")[2] == b"/still"


def test_headers_that_are_too_large_are_refused_in_a_way_that_clients_read(port):
    with connected(port) as flood:
        flood.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"a" * bounds.HEADER_BYTES)
        flood.sendall(b"a\r\n\r\n")
        head, _, body = rest_of(flood).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert f"content-length: {len(body)}".encode() in head


def test_headers_just_under_the_limit_and_many_requests_at_once_are_answered(port):
    one = b"GET /a HTTP/1.1\r\nX-Long: " + b"a" * (bounds.HEADER_BYTES - 1_000) + b"\r\n\r\n"
    small = b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n"
    with connected(port) as client:
        client.sendall(one + small * 100)
        answer = rest_of(client)
    assert answer.count(b"HTTP/1.1 200 OK") == 101


@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"], ids=["kept", "closed"])
def test_a_client_that_never_reads_is_cut_off(served, more):
    with connected(served.port) as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n" + more + b"\r\n")
        until(lambda: served.connections)
        until(lambda: not served.connections)
        assert len(rest_of(client)) < LARGE


def test_a_slow_client_gets_all_of_its_answer(port, monkeypatch):
    monkeypatch.setattr(bounds, "READ_S", 5.0)
    with connected(port) as client:
        client.sendall(b"GET /large HTTP/1.1\r\nConnection: close\r\n\r\n")
        read = rest_of(client)
    assert read.endswith(b"x" * 1_000)
    assert read.count(b"x") == LARGE


def test_an_idle_connection_is_kept_longer_than_the_longest_client_holds_one():
    assert KEEP_ALIVE_S > 62
    assert config_of("x:y", Serving("127.0.0.1", 1)).timeout_keep_alive == KEEP_ALIVE_S


async def endless(scope, receive, send):
    """Answer once the service ends, as an upload without end does."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await scope[bounds.ENDING].wait()
        await send({"type": "http.response.body", "body": b"ended"})


def test_who_reads_without_end_is_told_that_the_service_ends():
    with serving(endless) as served:
        client = connected(served.port)
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        until(lambda: b"begun" in client.recv(65_536))
    with client:
        assert b"ended" in rest_of(client)
