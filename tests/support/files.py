"""A real HTTP server for downloads, with the faults that servers have."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from typing_extensions import override


@dataclass
class FileServer:
    """What is served, how, and what was asked for.

    Attributes:
        files: content by path, with its leading slash.
        etag: validator of every file; none is sent if empty.
        last_modified: likewise.
        ranges: whether parts of files are served.
        cut_after: bytes after which a connection breaks, one for each of the next requests.
        errors: status codes that the next requests are answered with.
        asked: path and Range header of each request so far.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    etag: str = '"one"'
    last_modified: str = ""
    ranges: bool = True
    wrong_range: bool = False
    cut_after: list[int] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def serve() -> Iterator[FileServer]:
    """Run a server on a free port of this machine."""
    served = FileServer()
    handler = type("Handler", (_Handler,), {"served": served})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield served
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    served: FileServer

    def do_GET(self) -> None:
        served = self.served
        served.asked.append((self.path, self.headers.get("Range")))
        content = served.files.get(self.path)
        if served.errors:
            self._answer(served.errors.pop(0), b"")
        elif content is None:
            self._answer(404, b"")
        else:
            self._send(content, self._begin())

    def _begin(self) -> int | None:
        """Where the part begins that was asked for; `None` if all of it is to be sent."""
        wanted = self.headers.get("Range")
        same = self.headers.get("If-Range") in {self.served.etag, self.served.last_modified}
        return (
            int(wanted.removeprefix("bytes=").removesuffix("-"))
            if wanted and same and self.served.ranges
            else None
        )

    def _send(self, content: bytes, begin: int | None) -> None:
        if begin is None:
            self._answer(200, content)
        elif begin >= len(content):
            self._answer(416, b"")
        else:
            begin = 0 if self.served.wrong_range else begin
            self._answer(206, content[begin:], f"bytes {begin}-{len(content) - 1}/{len(content)}")

    def _answer(self, status: int, body: bytes, content_range: str = "") -> None:
        self.send_response(status)
        headers = {"Content-Length": str(len(body)), "Content-Range": content_range}
        headers |= {"ETag": self.served.etag, "Last-Modified": self.served.last_modified}
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        cut = self.served.cut_after.pop(0) if body and self.served.cut_after else len(body)
        self.wfile.write(body[:cut])

    @override
    def log_message(self, *_: object) -> None:
        """Keep quiet."""
