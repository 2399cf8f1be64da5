"""A connection that nobody can hold for nothing: bounds that uvicorn has not.

uvicorn ends a connection that idles after an answer. One that sends nothing at first, half a header, or headers
without end, it keeps.
"""

from asyncio import TimerHandle, Transport
from typing import Any

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_BYTES = 65_536
"""Largest request line with all headers, in bytes."""

HEADER_S = 15.0
"""How long they may take to arrive, in seconds."""

_REFUSED = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/problem+json\r\ncontent-length: 78\r\nconnection: close\r\n\r\n"
    b'{"status":431,"code":"request","title":"the headers are longer than 64 KiB"}\r\n'
)


class BoundedConnection(HttpToolsProtocol):
    """HTTP by httptools, with a bound on how long and how large the head of a request is."""

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **named)
        self._deadline: TimerHandle | None = None
        self._in_head = False
        self._head_bytes = 0

    @override
    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as its base does
        super().connection_made(transport)
        self._wait_at_most(self.timeout_keep_alive)

    @override
    def data_received(self, data: bytes) -> None:
        if self._deadline and not self._in_head:
            self._wait_at_most(HEADER_S)
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEADER_BYTES:
                self.transport.write(_REFUSED)
                self.transport.close()

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = 0
        self._wait_at_most(HEADER_S)

    @override
    def on_headers_complete(self) -> None:
        self._in_head = False
        self._wait_no_more()
        super().on_headers_complete()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait_at_most(self, seconds: float) -> None:
        self._wait_no_more()
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None
