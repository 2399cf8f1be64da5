"""Bars that show how far long work is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import Progress


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int], Callable[[int], None]]]:
    """Yield what begins a bar, given what begins and its steps, and returns what moves it; only on a terminal."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        yield partial(_begin, bars)


def _begin(bars: Progress, what: str, steps: int) -> Callable[[int], None]:
    task = bars.add_task(what, total=steps)
    return lambda count: bars.update(task, advance=count)
