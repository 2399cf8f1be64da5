"""The processes that serve together: which of them live, and what each takes."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from prometheus_client import Metric, ProcessCollector
from prometheus_client.registry import Collector
from typing_extensions import override

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which several workers count."""


def shared_by(folder: str) -> tuple[list[int], list[int]]:
    """Return which processes count in a folder: those that live, and those that have ended."""
    pids = sorted({int(path.stem.rpartition("_")[2]) for path in Path(folder).glob("*.db")})
    living = [pid for pid in pids if _lives(pid)]
    return living, [pid for pid in pids if pid not in living]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # asks; sends nothing
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's: the number was given anew
        return False
    return True


class ProcessFigures(Collector):
    """prometheus-client's own figures of a process (memory, processor time, open files), of each worker, by `pid`."""

    @override
    def collect(self) -> Iterator[Metric]:
        """Return one family for each figure. Only Linux tells them; elsewhere there are none."""
        folder = os.environ.get(SHARED)
        pids = shared_by(folder)[0] if folder else [os.getpid()]
        families: dict[str, Metric] = {}
        for pid in pids:
            for found in _figures_of(pid):
                family = families.setdefault(found.name, Metric(found.name, found.documentation, found.type))
                for sample in found.samples:
                    family.add_sample(sample.name, {"pid": str(pid)}, sample.value)
        yield from families.values()


def _figures_of(pid: int) -> list[Metric]:
    with suppress(OSError):  # it has ended in this moment
        return list(ProcessCollector(pid=lambda: pid, registry=None).collect())
    return []
