"""The real scorer, opened once, and scorers with faults that it can't be made to have."""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from moderation.domain import ATTRIBUTES
from moderation.settings import settings

EMBEDDED = "compact"
"""The model that comes with the package."""


@contextmanager
def embedded_model_shared() -> Iterator[None]:
    """In the block, pipelines share the embedded model, real as it is, and none of them closes it."""
    from moderation.scoring import open_scorer

    opened: dict[tuple[object, ...], Any] = {}

    def open_once(model: str, *, engine: Any = "auto", base_dir: Path | None = None) -> Any:
        if model != EMBEDDED:
            return open_scorer(model, engine=engine, base_dir=base_dir)
        key = (engine, settings().threads)
        if key not in opened:
            opened[key] = open_scorer(model, engine=engine)
            opened[key].close = lambda: None
        return opened[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("moderation.pipeline.open_scorer", open_once)
        yield


class FakeScorer:
    """Answers what it is told to; knows English."""

    model = "fake@000000000000"
    engine = "fake 1"
    attributes = ATTRIBUTES[:6]
    languages = frozenset({"en"})

    def __init__(self, answer: Callable[[str], float]) -> None:
        self._answer = answer
        self.closed = False

    def score(
        self, texts: Sequence[str], *, languages: Sequence[str | None] | None = None
    ) -> list[dict[str, float]]:
        del languages
        return [dict.fromkeys(self.attributes, self._answer(text)) for text in texts]

    def close(self) -> None:
        self.closed = True


def calm() -> FakeScorer:
    """Find nothing toxic."""
    return FakeScorer(lambda _: 0.01)


def raising() -> FakeScorer:
    """Fail on every text."""

    def fail(text: str) -> float:
        raise RuntimeError(text)

    return FakeScorer(fail)


def broken_by(word: str) -> FakeScorer:
    """Fail on texts with a word in them, and on no other."""

    def fail(text: str) -> float:
        if word in text:
            raise RuntimeError(text)
        return 0.01

    return FakeScorer(fail)


def not_a_number() -> FakeScorer:
    """Answer NaN."""
    return FakeScorer(lambda _: math.nan)


def hanging(released: threading.Event) -> FakeScorer:
    """Answer only when the event is set."""

    def hang(_: str) -> float:
        released.wait(60)
        return 0.01

    return FakeScorer(hang)
