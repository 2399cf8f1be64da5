"""Processes that die in the middle of their work."""

import os
import signal

from sqlalchemy import Engine, event


def be_killed_before(statement: int) -> None:
    """Have this process killed before its next statement but so many, from 1, or before a COMMIT, which counts too."""
    left = statement

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
