"""Shares a replay among processes, where the database can be opened twice and the work is worth it."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from moderation.backtest.replayer import Question, Replayer
from moderation.backtest.tally import Tally
from moderation.rules import Ruleset
from moderation.store import Store
from moderation.store.comments.records import CommentRange

PAGE = 1000
"""Comments that are read, decided and counted at a time."""

WORTH_IT = 5 * PAGE
"""Comments from which on more processes finish sooner: each takes most of a second to start."""


def tally_pages(
    question: Question, wanted: CommentRange, store: Store, *, count: int, processes: int
) -> Iterator[tuple[CommentRange, Tally]]:
    """Decide the comments of a range, page by page, in order.

    Args:
        question: the two rulesets.
        wanted: which comments.
        store: where they are; a database in memory can't be shared, and is read by this process alone.
        count: how many comments there are in the range.
        processes: how many processes work on it; they are started afresh (`spawn`), so a program that asks
            for several guards its entry with `if __name__ == "__main__"`.

    Raises:
        StoreError: the database can't be used.
    """
    address = store.address
    if processes > 1 and address is not None and count >= WORTH_IT:
        yield from _shared(question, wanted, address, processes)
        return
    replayer = Replayer(question)
    try:
        for page in wanted.cut(PAGE):
            yield page, replayer.replay(page, store)
    finally:
        replayer.close()


def _shared(
    question: Question, wanted: CommentRange, address: str, processes: int
) -> Iterator[tuple[CommentRange, Tally]]:
    """Start processes, give each what it needs as text, and hand out pages."""
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),  # a fork would share connections and threads
        initializer=_start,
        initargs=(address, _packed(question.old), _packed(question.new), question.show, question.examine),
    )
    with pool:
        pages = list(wanted.cut(PAGE))
        yield from zip(pages, pool.map(_replay, pages), strict=True)


_Packed = tuple[str, dict[str, str], Path | None]
_at_work: Callable[[CommentRange], Tally] | None = None  # what a worker was started for


def _packed(ruleset: Ruleset) -> _Packed:
    return ruleset.source, dict(ruleset.files), ruleset.folder


def _unpacked(packed: _Packed) -> Ruleset:
    source, files, folder = packed
    return Ruleset.parse(source, files=files, folder=folder)


def _start(address: str, old: _Packed, new: _Packed, show: int, examine: bool) -> None:  # noqa: FBT001 - initargs
    global _at_work  # noqa: PLW0603 - a pool hands its workers nothing else
    store = Store.open(address)
    _at_work = partial(Replayer(Question(_unpacked(old), _unpacked(new), show, examine)).replay, store=store)


def _replay(wanted: CommentRange) -> Tally:
    if _at_work is None:
        raise RuntimeError("this process was not started as a worker")
    return _at_work(wanted)
