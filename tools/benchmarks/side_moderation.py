"""One side of the benchmark: this package, with its default engine."""

from time import perf_counter

_STARTED = perf_counter()

import json  # noqa: E402 - the imports are what is timed
import resource  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402

from moderation import Author, Comment, Moderator  # noqa: E402


def main() -> None:
    """Print one JSON object of figures."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/moderation.db"
        with Moderator.open("rules.yaml", database=database) as moderator:
            moderator.check(Comment("This is the first comment of the day."))
            figures = {"ready_s": perf_counter() - _STARTED}
            with_database = _latency(moderator)
            figures |= {"own_with_database_ms": with_database["own_ms"], **_bulk(moderator)}
    with Moderator.open("rules.yaml") as moderator:
        figures |= _latency(moderator)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(figures))


def _latency(moderator: Moderator) -> dict[str, float]:
    from tools.benchmarks.texts import of_length  # noqa: PLC0415 - not part of what is timed

    whole, own, language = [], [], []
    for text in of_length(300, 220):
        started = perf_counter()
        decision = moderator.check(Comment(text, author=Author("u-1"), thread="t-1"))
        whole.append((perf_counter() - started) * 1000)
        language.append(decision.checks["language"].ms)
        own.append(whole[-1] - language[-1] - decision.checks["toxicity"].ms)
    warm = slice(20, None)
    return {
        "check_ms": statistics.median(whole[warm]),
        "own_ms": statistics.median(own[warm]),
        "langdetect_ms": statistics.median(language[warm]),
    }


def _bulk(moderator: Moderator) -> dict[str, float]:
    from tools.benchmarks.texts import english  # noqa: PLC0415 - not part of what is timed

    texts = english(2000)
    comments = [
        Comment(text, external_id=str(n), thread=f"t-{n % 50}", author=Author(f"u-{n}"))
        for n, text in enumerate(texts)
    ]
    started = perf_counter()
    stored = sum(1 for _ in moderator.submit_many(comments))
    return {"submit_per_s": stored / (perf_counter() - started)}


if __name__ == "__main__":
    main()
