"""A connection that nobody can hold for nothing: bounds that uvicorn has not.

uvicorn ends a connection that idles after an answer. One that sends nothing at first, half a header, headers without
end or empty lines for ever, or that never reads its answer, it keeps.
"""

from asyncio import Event, TimerHandle, Transport
from typing import Any, Final

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_BYTES = 65_536
"""Largest request line with all headers, in bytes."""

HEADER_S = 15.0
"""How long they may take to arrive, in seconds."""

READ_S = 30.0
"""How long a client may read nothing of an answer that waits for it, in seconds."""

ENDING: Final = "moderation.ending"
"""Where a request's scope keeps an `asyncio.Event`: the service ends. Only who reads without end needs to know."""

_REFUSED = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/problem+json\r\ncontent-length: 78\r\nconnection: close\r\n\r\n"
    b'{"status":431,"code":"request","title":"the headers are longer than 64 KiB"}\r\n'
)


class BoundedConnection(HttpToolsProtocol):
    """HTTP by httptools, with a bound on how long and how large the head of a request is, and on who never reads."""

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **named)
        self._deadline: TimerHandle | None = None
        self._unread: TimerHandle | None = None
        self._ending = Event()
        self._in_head = self._began = False
        self._unfinished_bytes = 0  # of the head, after the piece that it began in
        self._finished_bytes = 0  # of its headers that are complete

    @override
    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as its base does
        super().connection_made(transport)
        self._wait_at_most(self.timeout_keep_alive)

    @override
    def data_received(self, data: bytes) -> None:
        self._began = False
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and not self._began:
            self._unfinished_bytes += len(data)
            if self._unfinished_bytes > HEADER_BYTES:
                self.send_400_response("")
        elif self._idle() and not self._deadline:
            self._wait_at_most(HEADER_S)  # an empty line, after which uvicorn waits for ever

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[ENDING] = self._ending  # type: ignore[typeddict-unknown-key] # a key of ours
        self._in_head = self._began = True
        self._unfinished_bytes = self._finished_bytes = 0
        self._wait_at_most(HEADER_S)

    @override
    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4)  # and a colon, a space, and the end of the line
        super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        self._in_head = False
        self._wait_no_more()
        super().on_headers_complete()

    @override
    def send_400_response(self, msg: str) -> None:
        if self._in_head and max(self._finished_bytes, self._unfinished_bytes) > HEADER_BYTES:
            self.transport.write(_REFUSED)
            self.transport.close()
        else:
            super().send_400_response(msg)
        self._abort_later()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._abort_later()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._abort_later()

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.transport.is_closing():
            self._abort_no_more()

    @override
    def shutdown(self) -> None:
        super().shutdown()
        self._ending.set()

    @override
    def timeout_keep_alive_handler(self) -> None:
        self._end()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        self._abort_no_more()
        super().connection_lost(exc)

    def _idle(self) -> bool:
        begun: Any = self.cycle  # uvicorn types it as never None, and begins with None
        return not self._in_head and (begun is None or begun.response_complete)

    def _count(self, size: int) -> None:
        self._finished_bytes += size
        if self._finished_bytes > HEADER_BYTES:
            raise ValueError("the headers are too large")  # the parser stops, and uvicorn refuses the request

    def _end(self) -> None:
        """Close the connection, also if the client does not take what is still to be sent."""
        self.transport.close()
        self._abort_later()

    def _wait_at_most(self, seconds: float) -> None:
        self._wait_no_more()
        self._deadline = self.loop.call_later(seconds, self._end)

    def _wait_no_more(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _abort_later(self) -> None:
        self._abort_no_more()
        self._unread = self.loop.call_later(READ_S, self._look, self.transport.get_write_buffer_size())

    def _look(self, unread: int) -> None:
        if self.transport.get_write_buffer_size() < unread:
            self._abort_later()  # slow, but it reads
        else:
            self.transport.abort()

    def _abort_no_more(self) -> None:
        if self._unread:
            self._unread.cancel()
            self._unread = None
