"""The command line, run in this process."""

import io
import sys
from types import SimpleNamespace

import pytest

from moderation import cli


@pytest.fixture
def run(monkeypatch, capsysbinary, tmp_path):
    """Run `moderation` with arguments in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def _run(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["moderation", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            cli.main()
            code: object = 0
        except SystemExit as stop:
            code = stop.code or 0
        out, err = capsysbinary.readouterr()
        return SimpleNamespace(code=code, out=out.decode(), err=err.decode())

    return _run
