"""The service, as a server in a thread of this process or as a program of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import uvicorn

from moderation.cli.serving import Serving, config_of, listen

PATIENCE_S = 120
ROOT = Path(__file__).parents[2]
_PROGRAM = [sys.executable, "-c", "from moderation.cli import main; main()", "serve"]


def free_port():
    """Return a port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def until(done):
    """Wait until something is so."""
    end = monotonic() + PATIENCE_S
    while not (found := done()):
        assert monotonic() < end, "it never is"
        sleep(0.05)
    return found


@dataclass
class Served:
    """A server in a thread: where it is, and which connections it holds."""

    port: int
    connections: set[Any]


@contextmanager
def serving(app, *, keep_alive=None, **said) -> Iterator[Served]:
    """Serve an application in a thread, as `moderation serve` does."""
    where = Serving("127.0.0.1", free_port(), **said)
    config = config_of(lambda: app, where)
    if keep_alive is not None:
        config.timeout_keep_alive = keep_alive
    server = uvicorn.Server(config)
    with listen(where) as listener:
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            until(lambda: server.started)
            yield Served(where.port, server.server_state.connections)
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)
    assert not thread.is_alive()


def connected(port):
    """Return a raw connection."""
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)


def rest_of(connection):
    """Read until the other side closes; empty if it cut the connection."""
    read = b""
    with suppress(ConnectionError):
        while piece := connection.recv(65_536):
            read += piece
    return read


def get(port, path, method="GET", **headers):
    """Ask once; returns status, headers and body."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


@dataclass
class Program:
    """`moderation serve` as a process."""

    process: subprocess.Popen[str]
    port: int

    def answers(self, path="/healthz"):
        """Whether it answers."""
        assert self.process.poll() is None, self.process.communicate()
        with suppress(OSError, http.client.HTTPException):
            return get(self.port, path)[0] == 200
        return False

    def workers(self):
        """Return the numbers of its worker processes."""
        listed = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "spawn_main"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        return {int(pid) for pid in listed.stdout.split()}

    def end(self, by=signal.SIGTERM):
        """Ask it to end; returns its exit code, and what it said on each stream."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err


@contextmanager
def program(folder, *arguments, **environment) -> Iterator[Program]:
    """Start `moderation serve` in a folder, with a fresh database there; it is killed at the end."""
    port = free_port()
    command = [*_PROGRAM, "--port", str(port), "--database", f"sqlite:///{folder}/served.db", *arguments]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield Program(process, port)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
