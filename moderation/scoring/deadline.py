"""A time budget for calls that may take too long, or hang.

On threads, though ONNX Runtime's `RunOptions.terminate` does end a run within a tenth of a second: it ends no
tokeniser, no torch, and no scorer of somebody else's, so the threads would stay.
"""

import atexit
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from time import monotonic
from typing import Any, TypeVar, cast
from weakref import finalize

_Result = TypeVar("_Result")

LIMIT = 8
"""Calls that run at a time; a call that finds no free worker waits, on its own budget."""

SPARES = 8
"""Workers that replace hung ones. When these hang too, calls time out at once."""

GRACE_S = 2.0
"""How long the interpreter's end waits for calls to notice that nobody waits for them."""


@dataclass(eq=False, slots=True)
class _Job:
    pool: "Workers"
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    done: "Future[Any]" = field(default_factory=Future)
    abandoned: bool = False  # nobody waits for the answer any more
    replaced: bool = False  # ... and another worker was let in for the one that is still at it


_running = threading.local()
_at_work: set[_Job] = set()
_ending = threading.Event()  # the interpreter is


def abandoned() -> Callable[[], bool]:
    """Return what tells whether the caller of the call that runs in this thread still waits.

    Long work asks now and then, also from other threads, and stops: a budget then saves the work too.
    """
    job: _Job | None = getattr(_running, "job", None)
    return lambda: job is not None and (job.abandoned or _ending.is_set())


class Workers:
    """Runs calls on daemon threads, each within a time budget.

    A call that is over its budget goes on in its thread, as no thread can be stopped from outside; nobody
    waits for it, and the interpreter at its end no longer than `GRACE_S`.

    Args:
        limit: how many calls run at a time.
        spares: how many hung workers are replaced.
    """

    def __init__(self, limit: int = LIMIT, spares: int = SPARES) -> None:
        self._free = threading.Semaphore(limit)
        self._lock = threading.Lock()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._idle = 0
        self._limit, self._spares = limit, spares
        self._replaced = self._stuck = 0  # hung workers: with another in their place, and without
        finalize(self, self._jobs.put, None).atexit = False  # idle threads end with this object

    def call(self, function: Callable[..., _Result], *arguments: object, timeout_s: float) -> _Result:
        """Call a function and return its answer, or raise what it raises.

        Args:
            function: what to call.
            arguments: passed on.
            timeout_s: budget in seconds; waiting for a free worker counts.

        Raises:
            TimeoutError: there was no answer within the budget, or every worker hangs.
        """
        ends = monotonic() + timeout_s
        if self._stuck >= self._limit or not self._free.acquire(timeout=timeout_s):
            raise TimeoutError
        job = _Job(self, function, arguments)
        self._hand_over(job)
        try:
            return cast("_Result", job.done.result(timeout=max(0.0, ends - monotonic())))
        except BaseException:  # over budget, or Ctrl-C: nobody waits for it any more
            self._give_up(job)
            raise

    def _hand_over(self, job: _Job) -> None:
        with self._lock:
            start = self._idle == 0
            self._idle -= not start
        if start:
            try:
                threading.Thread(target=_work, args=(self._jobs,), daemon=True, name="scorer").start()
            except RuntimeError:  # the system has no more threads; that can change
                self._free.release()
                raise
        self._jobs.put(job)

    def _give_up(self, job: _Job) -> None:
        with self._lock:
            if job.done.done():  # it was the function that raised TimeoutError, or it ended just now
                return
            job.abandoned = True
            if self._replaced < self._spares:
                self._replaced += 1
                job.replaced = True
                self._free.release()
            else:
                self._stuck += 1

    def finish(self, job: _Job, settle: Callable[[], None]) -> bool:
        """Book the end of a job, for its worker; tells whether the worker stays."""
        with self._lock:
            settle()
            if job.replaced:
                self._replaced -= 1
                return False
            self._stuck -= job.abandoned
            self._idle += 1
            self._free.release()
            return True


def _work(jobs: "SimpleQueue[_Job | None]") -> None:
    """Do jobs until one took so long that the worker was replaced, or until the pool is gone.

    Between jobs the thread knows nothing of its pool, so an idle thread does not keep it alive.
    """
    while job := jobs.get():
        if not _stays_after(job):
            return
        del job
    jobs.put(None)  # for the next idle thread


def _stays_after(job: _Job) -> bool:
    _running.job = job
    _at_work.add(job)
    settle: Callable[[], None]
    try:
        settle = partial(job.done.set_result, job.function(*job.arguments))
    except BaseException as error:  # noqa: BLE001 - raised again where the answer is waited for
        settle = partial(job.done.set_exception, error)
    finally:
        _running.job = None
        _at_work.discard(job)
    return job.pool.finish(job, settle)


@atexit.register
def _wind_down() -> None:
    """Stop what can be stopped: Python kills daemon threads, and one killed inside C++ aborts the process."""
    _ending.set()
    wait([job.done for job in list(_at_work)], timeout=GRACE_S)
