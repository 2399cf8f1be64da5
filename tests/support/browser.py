"""A real dashboard in a process of its own, and a real Chromium to look at it with."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tests.support.needs import missing
from tests.support.serving import ROOT, free_port, get, until

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


@dataclass
class DeskServer:
    """`python -m dashboard` on a database; it can be killed and started again at the same address."""

    database: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    log: Path = Path(os.devnull)  # what it says
    folder: Path = ROOT  # that it is started in
    environment: Mapping[str, str] = field(default_factory=dict)  # besides this process's own

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "DeskServer":
        command = [sys.executable, "-m", "dashboard", "--port", str(self.port), "--database", self.database]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        until(self._answers)
        return self

    def _answers(self) -> bool:
        assert self.process, "it was not started"
        assert self.process.poll() is None, "the dashboard ended instead of answering"
        with suppress(OSError, http.client.HTTPException):
            return bool(get(self.port, "/_stcore/health")[0] == 200)
        return False

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
