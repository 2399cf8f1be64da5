"""How many texts are scored at once without one changing the score of another.

Only windows of exactly equal length in tokens share a batch: without padding, each row of every matrix
product is computed as if it were alone, so a text has the same score, to the last bit, whatever it is
scored with. `tests/scoring/test_onnx.py` holds both engines to it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from threading import Thread
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from moderation.scoring.deadline import abandoned
from moderation.scoring.windows import TokenWindow, WindowCutter

ScoreMatrix: TypeAlias = NDArray[np.float32]
ScoreBatch: TypeAlias = Callable[[Sequence[TokenWindow]], ScoreMatrix]
_Item = TypeVar("_Item")

MAX_TOKENS = 1024
"""Tokens in one batch: more bring nothing on a processor, and cost memory."""

PENDING = 512
"""Windows that wait for their batches at a time: bounds the memory that one long text needs."""


def best_scores(
    texts: Iterable[str], windows: WindowCutter, run: ScoreBatch, *, width: int, threads: int
) -> ScoreMatrix:
    """Score texts of any number and length: per text and attribute, the maximum over its windows.

    Args:
        texts: what to score.
        windows: cuts them.
        run: scores windows of equal length; one row each.
        width: number of attributes.
        threads: how many batches are computed at a time.

    Raises:
        TimeoutError: the caller's time budget ran out, and nobody waits for the scores.
    """
    best: list[ScoreMatrix] = []
    stream = _numbered(texts, windows, best, width)
    while part := list(islice(stream, PENDING)):
        groups = _equal_lengths([window for _, window in part])
        found = np.empty((len(part), width), dtype=np.float32)

        def compute(
            group: list[int], part: list[tuple[int, TokenWindow]] = part, found: ScoreMatrix = found
        ) -> None:
            found[group] = run([part[n][1] for n in group])

        spread(compute, groups, threads)
        for (number, _), row in zip(part, found, strict=True):
            np.maximum(best[number], row, out=best[number])
    return np.array(best, dtype=np.float32).reshape(-1, width)


def spread(work: Callable[[_Item], None], items: Sequence[_Item], threads: int) -> None:
    """Call `work` with each item, on several threads; the first exception ends it and is raised.

    The threads are daemons and live as long as the call: nothing that hangs keeps the process from ending.
    """
    pending = iter(items)
    failures: list[Exception] = []
    given_up = abandoned()

    def drain() -> None:
        try:
            for item in pending:
                if failures:
                    return
                if given_up():
                    raise TimeoutError  # noqa: TRY301 - like whatever `work` raises, it ends all threads
                work(item)
        except Exception as error:  # noqa: BLE001 - raised in the calling thread
            failures.append(error)

    helpers = [Thread(target=drain, daemon=True) for _ in range(min(threads, len(items)) - 1)]
    for helper in helpers:
        helper.start()
    drain()
    for helper in helpers:
        helper.join()
    if failures:
        raise failures[0]


def _numbered(
    texts: Iterable[str], windows: WindowCutter, best: list[ScoreMatrix], width: int
) -> Iterator[tuple[int, TokenWindow]]:
    """Each window with the number of its text; `best` gets a row for each text that was begun."""
    for number, text in enumerate(texts):
        best.append(np.zeros(width, dtype=np.float32))
        for window in windows.cut(text):
            yield number, window


def _equal_lengths(windows: Sequence[TokenWindow]) -> list[list[int]]:
    """Numbers of the windows that share a batch, longest first: the threads then end at about the same time."""
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for number, window in enumerate(windows):
        by_length[len(window.ids)].append(number)
    return [
        numbers[begin : begin + size]
        for length, numbers in sorted(by_length.items(), reverse=True)
        for size in (max(1, MAX_TOKENS // length),)
        for begin in range(0, len(numbers), size)
    ]
