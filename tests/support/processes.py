"""Processes that a test starts, talks to and kills.

They are forked from one that has imported the package already: a start takes milliseconds, not a second or
two. That one has no threads and no open database, so a fork of it has nothing half-done.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, Concatenate

PATIENCE_S = 120

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "alembic.command",  # takes 0.3 s, in which a database that is upgraded is locked
        "tests.api_keys.children",
        "tests.children",
        "tests.desk.children",
        "tests.rollout.children",
        "tests.store.children",
    ]
)


@dataclass
class Child:
    """A process that was started, and our end of what connects us."""

    process: ForkServerProcess
    connection: Connection

    def tell(self, message: object) -> None:
        """Send a message."""
        self.connection.send(message)

    def hear(self) -> Any:
        """Wait for its next message; `EOFError` if it ended instead."""
        assert self.connection.poll(PATIENCE_S), "the process says nothing"
        return self.connection.recv()

    def ended(self) -> int:
        """Wait until it has ended; return its exit code, or the number of the signal, negative, that killed it."""
        self.process.join(PATIENCE_S)
        code = self.process.exitcode
        assert code is not None, "the process does not end"
        assert code != 1, "the process failed; the error is on its standard error"
        return code

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self.process.kill()
        self.process.join()


Begin = Callable[..., Child]
"""Starts a process: takes the function that it runs, and its arguments after the first, the connection."""


@contextmanager
def children() -> Iterator[Begin]:
    """Return what starts processes; those that still run at the end are killed."""
    with ExitStack() as stack:

        def begin(work: Callable[Concatenate[Connection, ...], None], *arguments: object) -> Child:
            ours, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=work, args=(theirs, *arguments), daemon=True)
            process.start()
            theirs.close()  # else we would not notice when it ends
            child = Child(process, stack.enter_context(ours))
            stack.callback(process.close)
            stack.callback(child.kill)
            return child

        yield begin
