"""How long a wait a line promises, by how long its latest calls took."""

import asyncio
import threading

import pytest

from moderation.api import batching
from moderation.api.batching import BATCH, BATCH_WEIGHT, WAITING, Batcher
from moderation.errors import OverloadedError
from tests.support.loops import run_async


def taking(seconds, waiting, monkeypatch):
    """Return how many of `waiting` texts a line takes, after a call for one short text took so long."""
    times = iter((0, seconds))
    monkeypatch.setattr(batching, "monotonic", lambda: next(times, seconds))
    go = threading.Event()
    go.set()

    def run(texts):
        assert go.wait(10)
        return texts

    async def ask_all():
        await line.ask("hi")
        await asyncio.sleep(0.01)
        go.clear()
        asked = [asyncio.ensure_future(line.ask(text)) for text in ["busy", *waiting]]
        await asyncio.sleep(0.05)
        go.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        return sum(not isinstance(answer, OverloadedError) for answer in answers[1:])

    line = Batcher(run, weight=len, name="test")
    try:
        return run_async(ask_all())
    finally:
        line.close()


@pytest.mark.parametrize(
    ("seconds", "text", "taken"),
    [
        pytest.param(
            0.02, "x" * 75, WAITING, id="a call for two letters does not make 256 texts take minutes"
        ),
        pytest.param(0.3, "x" * 75, 7 * BATCH, id="a slow machine: as many calls as fit in the wait"),
        pytest.param(0.5, "x" * 1_500, 5 * BATCH_WEIGHT // 1_500, id="long texts: by their letters"),
        pytest.param(3, "x", 1, id="a call that takes longer than anybody waits"),
    ],
)
def test_a_line_takes_what_it_can_answer_in_time(seconds, text, taken, monkeypatch):
    assert taking(seconds, [text] * (WAITING + 20), monkeypatch) == pytest.approx(taken, abs=BATCH)
