"""A real dashboard in a process of its own, and a real Chromium to look at it with."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import httpx

from tests.support.needs import missing

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class DeskServer:
    """`python -m dashboard` on a database; it can be killed and started again at the same address."""

    database: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    log: Path = Path(os.devnull)  # what it says
    folder: Path = _ROOT  # that it is started in
    environment: Mapping[str, str] = field(default_factory=dict)  # besides this process's own

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "DeskServer":
        command = [sys.executable, "-m", "dashboard", "--port", str(self.port), "--database", self.database]
        environment = {**os.environ, "PYTHONPATH": str(_ROOT), **self.environment}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        for _ in range(600):
            try:
                httpx.get(f"{self.url}/_stcore/health", timeout=1)
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError("the dashboard did not start within 30 seconds")

    def stop(self) -> None:
        """End it as Ctrl-C does, so that coverage can write down what ran in it."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def require_chromium() -> str:
    """Return Chromium's path; skip the test where there is none, but fail in CI."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found and find_spec("playwright") and find_spec("streamlit"):
        return found
    return missing("no Chromium here: apt-get install chromium, and pip install playwright")
