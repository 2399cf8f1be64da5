"""The other side of the benchmark: Detoxify's own `predict` on the same weights."""

from time import perf_counter

_STARTED = perf_counter()

import json  # noqa: E402 - the imports are what is timed
import resource  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402

from moderation.scoring.detoxify import LocalDetoxify, checkpoint_in  # noqa: E402
from moderation.scoring.folder import ModelFolder  # noqa: E402
from moderation.scoring.installed import folder_of  # noqa: E402

_BATCH = 32


def main() -> None:
    """Print one JSON object of figures."""
    detoxify = LocalDetoxify(checkpoint_in(ModelFolder(folder_of("compact"))))
    detoxify.predict("This is the first comment of the day.")
    figures = {"ready_s": perf_counter() - _STARTED, **_latency(detoxify), **_bulk(detoxify)}
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(figures))


def _latency(detoxify: LocalDetoxify) -> dict[str, float]:
    from tools.benchmarks.texts import of_length  # noqa: PLC0415 - not part of what is timed

    times = []
    for text in of_length(300, 220):
        started = perf_counter()
        detoxify.predict(text)
        times.append((perf_counter() - started) * 1000)
    return {"predict_ms": statistics.median(times[20:])}


def _bulk(detoxify: LocalDetoxify) -> dict[str, float]:
    from tools.benchmarks.texts import english  # noqa: PLC0415 - not part of what is timed

    texts = english(2000)
    started = perf_counter()
    for begin in range(0, len(texts), _BATCH):
        detoxify.predict(texts[begin : begin + _BATCH])
    return {"predict_per_s": len(texts) / (perf_counter() - started)}


if __name__ == "__main__":
    main()
