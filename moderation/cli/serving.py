"""The server under `moderation serve`: where it listens, how it ends, and its workers."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any, Final

import uvicorn
from typing_extensions import override
from uvicorn.supervisors import Multiprocess

from moderation.errors import ListenError

KEEP_ALIVE_S: Final = 75
"""How long an idle connection is kept, in seconds: clients hold one for a minute, and don't try again when it is gone."""

GRACE_S: Final = 30
"""How long requests may take to be answered after the end was asked for, in seconds."""

_ANSWERS_S: Final = 30
"""After how long a worker that says nothing is taken for hung, in seconds: loading a model on a busy machine takes a while."""

_WORKER_FAILED: Final = 3
_BACKLOG: Final = 2048
_SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve; see the options of `moderation serve`."""

    host: str
    port: int
    workers: int = 1
    root_path: str = ""
    trusted_proxies: str = ""

    @property
    def address(self) -> str:
        """Where the service is, for people."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.root_path}"


def listen(said: Serving) -> socket.socket:
    """Take the address, before anything is loaded.

    Raises:
        ListenError: another program has it, or this machine has none like it.
    """
    try:
        family, *_, where = socket.getaddrinfo(said.host, said.port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(where, family=family, backlog=_BACKLOG)
    except OSError as error:
        raise ListenError(
            f"can't listen at {said.host}, port {said.port}: {error.strerror}",
            hint="another program may have the port: `--port` takes another one; `--host` an address of this machine",
        ) from None


def config_of(app: str | Callable[[], Any], said: Serving) -> uvicorn.Config:
    """Return how uvicorn serves an application.

    Args:
        app: what makes it; its name, where there are workers.
        said: how to serve it.
    """
    return uvicorn.Config(
        app,
        factory=True,
        workers=said.workers,
        root_path=said.root_path,
        http="moderation.api.connection:BoundedConnection",
        ws="none",
        forwarded_allow_ips=said.trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        timeout_worker_healthcheck=_ANSWERS_S,
        log_level="warning",
        access_log=False,  # ours has no query strings, which hold keys
        server_header=False,
    )


def run(config: uvicorn.Config, listener: socket.socket) -> None:
    """Serve until SIGTERM or Ctrl-C, and answer what was accepted.

    Raises:
        KeyboardInterrupt: it was Ctrl-C.
        SystemExit: it was SIGTERM: code 0; or a worker could not start, and has said why: code 2.
        ModerationError: what is to be served can't be opened.
    """
    before = signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(0)
    )  # uvicorn raises the signal again at its end
    try:
        if config.workers > 1:
            _run_workers(config, listener)
        else:
            _forget_folders()
            config.load()
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)


def _run_workers(config: uvicorn.Config, listener: socket.socket) -> None:
    listener.set_inheritable(True)
    with _counting_together():
        workers = _Workers(config, [listener])
        workers.run()
    if any(one.exitcode == _WORKER_FAILED for one in workers.processes):
        sys.exit(2)
    if workers.interrupted:
        raise KeyboardInterrupt


class _Workers(Multiprocess):
    """uvicorn's workers; one that ends is replaced."""

    interrupted = False

    @override
    def init_processes(self) -> None:
        super().init_processes()
        self._hear_of_ends()

    @override
    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        self._hear_of_ends()

    def _hear_of_ends(self) -> None:
        """Keep no worker's end of its pipe open here: where it dies, whoever waits for its answer then hears so at once."""
        for process in self.processes:
            process.child_conn.close()

    @override
    def handle_int(self) -> None:
        super().handle_int()
        self.interrupted = True


@contextmanager
def _counting_together() -> Iterator[None]:
    """Give workers a fresh folder in which they count together; see `moderation/api/metrics.py`."""
    _forget_folders()
    with TemporaryDirectory(prefix="moderation-metrics-") as folder:
        os.environ[_SHARED] = folder
        try:
            yield
        finally:
            _forget_folders()


def _forget_folders() -> None:
    """Count in no folder of another program, nor of an earlier run."""
    for name in (_SHARED, _SHARED.lower()):
        os.environ.pop(name, None)
