"""Calls end within their budget, whatever the function does."""

import gc
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from moderation.scoring.batches import spread
from moderation.scoring.deadline import Workers, abandoned

PLENTY_S = 60
LITTLE_S = 0.02


@pytest.fixture
def release():
    event = threading.Event()
    yield event
    event.set()


def hang(workers, release):
    with pytest.raises(TimeoutError):
        workers.call(release.wait, PLENTY_S, timeout_s=LITTLE_S)


def test_the_answer_comes_back():
    assert Workers().call(divmod, 7, 2, timeout_s=PLENTY_S) == (3, 1)


@pytest.mark.parametrize(
    "error", [ZeroDivisionError, SystemExit, TimeoutError], ids=lambda error: error.__name__
)
def test_what_the_function_raises_is_raised(error):
    def fail():
        raise error

    workers = Workers(limit=1, spares=0)
    with pytest.raises(error):
        workers.call(fail, timeout_s=PLENTY_S)
    assert workers.call(int, "1", timeout_s=PLENTY_S) == 1


def test_a_thread_is_used_again():
    workers = Workers()
    assert len({workers.call(threading.get_ident, timeout_s=PLENTY_S) for _ in range(20)}) == 1


def test_a_call_over_budget_times_out(release):
    hang(Workers(), release)


def test_waiting_for_a_free_worker_counts(release):
    workers = Workers(limit=1, spares=1)
    started = threading.Event()

    def busy():
        started.set()
        release.wait(PLENTY_S)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(workers.call, busy, timeout_s=PLENTY_S)
        started.wait(PLENTY_S)
        with pytest.raises(TimeoutError):
            workers.call(int, timeout_s=LITTLE_S)
        release.set()
        first.result()


def test_a_hung_worker_is_replaced(release):
    workers = Workers(limit=1, spares=2)
    hang(workers, release)
    hang(workers, release)
    assert workers.call(int, "1", timeout_s=PLENTY_S) == 1


def test_with_every_worker_hung_calls_time_out_at_once(release):
    workers = Workers(limit=1, spares=1)
    hang(workers, release)
    hang(workers, release)
    called: list[int] = []
    with pytest.raises(TimeoutError):  # or this test would take an hour
        workers.call(called.append, 1, timeout_s=3600)
    assert called == []


def test_workers_that_come_back_are_used_again(release):
    workers = Workers(limit=1, spares=1)
    hang(workers, release)
    hang(workers, release)
    release.set()
    with ThreadPoolExecutor(1) as pool:  # as soon as one is back
        assert pool.submit(retry, workers).result(PLENTY_S) == 1
    for _ in range(3):
        assert workers.call(int, "1", timeout_s=PLENTY_S) == 1


def retry(workers):
    while True:
        try:
            return workers.call(int, "1", timeout_s=PLENTY_S)
        except TimeoutError:
            continue


def test_a_replaced_worker_that_comes_back_ends(release):
    workers = Workers(limit=1, spares=1)
    threads = []

    def wait():
        threads.append(threading.current_thread())
        release.wait(PLENTY_S)

    with pytest.raises(TimeoutError):
        workers.call(wait, timeout_s=0.2)
    release.set()
    threads[0].join(PLENTY_S)
    assert not threads[0].is_alive()
    assert workers.call(int, "1", timeout_s=PLENTY_S) == 1


def test_idle_threads_end_with_their_pool():
    workers = Workers()
    together = threading.Barrier(3, timeout=PLENTY_S)

    def meet():
        together.wait()
        return threading.current_thread()

    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(workers.call, meet, timeout_s=PLENTY_S) for _ in range(3)]
        threads = [job.result() for job in jobs]
    del workers, jobs
    gc.collect()
    for thread in threads:
        thread.join(PLENTY_S)
        assert not thread.is_alive()


def test_a_system_without_threads_leaves_no_worker_lost(monkeypatch):
    workers = Workers(limit=1, spares=0)

    def refuse(_):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError):
            workers.call(int, timeout_s=PLENTY_S)
    assert workers.call(int, "1", timeout_s=PLENTY_S) == 1


def test_many_threads_share_few_workers():
    workers = Workers(limit=2, spares=1)
    with ThreadPoolExecutor(16) as pool:
        jobs = [pool.submit(workers.call, pow, n, 2, timeout_s=PLENTY_S) for n in range(200)]
        assert [job.result() for job in jobs] == [n * n for n in range(200)]


def test_abandoned_work_can_tell_and_stop():
    stopped = threading.Event()

    def work():
        given_up = abandoned()
        while not given_up():
            pass
        stopped.set()

    with pytest.raises(TimeoutError):
        Workers().call(work, timeout_s=LITTLE_S)
    assert stopped.wait(PLENTY_S)


def test_batches_that_nobody_waits_for_are_not_computed(release):
    ended, computed = threading.Event(), []

    def work(item):
        computed.append(item)
        release.wait(PLENTY_S)

    def score():
        try:
            spread(work, range(100), threads=2)
        except TimeoutError:
            ended.set()

    with pytest.raises(TimeoutError):
        Workers().call(score, timeout_s=LITTLE_S)
    release.set()
    assert ended.wait(PLENTY_S)
    assert len(computed) <= 2


def test_outside_a_call_nothing_is_abandoned():
    assert not abandoned()()


@pytest.mark.slow
def test_the_interpreter_ends_cleanly_while_a_model_computes():
    script = """
from moderation.scoring import open_scorer
from moderation.scoring.deadline import Workers
try:
    Workers().call(open_scorer("compact").score, ["word " * 400] * 400, timeout_s=0.3)
except TimeoutError:
    print("timed out")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("timed out\n", "")


@pytest.mark.slow
def test_the_interpreter_ends_while_a_call_hangs():
    script = """
import threading
from moderation.scoring.deadline import Workers
try:
    Workers().call(threading.Event().wait, timeout_s=0.05)
except TimeoutError:
    print("timed out")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "timed out\n"


@pytest.mark.slow
def test_a_process_that_is_interrupted_while_it_scores_ends_cleanly():
    script = (
        "import os, signal, threading\n"
        "from moderation.scoring import open_scorer\n"
        "from moderation.scoring.deadline import Workers\n"
        "scorer = open_scorer('compact')\n"
        "threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "Workers().call(scorer.score, ['word ' * 400] * 500, timeout_s=60)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert "KeyboardInterrupt" in done.stderr
    assert "terminate called" not in done.stderr
    assert done.returncode in {130, -signal.SIGINT}
