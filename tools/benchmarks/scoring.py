"""Times scoring alone: the ONNX engine beside `Detoxify.predict` on the same weights, in turn, in one process.

    python -m tools.benchmarks.scoring                 the embedded model, and one of BERT base's size
    python -m tools.benchmarks.scoring --only compact  the embedded model

The large model is made up: 110 million random weights in Detoxify's checkpoint format, with the embedded model's
tokeniser, turned into ONNX by `moderation models compile`. Speed does not depend on the weights' values.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import torch
import transformers

from moderation.model_building.compile import compile_model
from moderation.scoring import open_scorer
from moderation.scoring.detoxify import LocalDetoxify, checkpoint_in
from moderation.scoring.folder import ModelFolder
from moderation.scoring.installed import folder_of
from tools.benchmarks.base_size import write_checkpoint
from tools.benchmarks.texts import english, of_words

WORDS = 25
_BATCH = 32
SIZES = ("compact", "base")


def main() -> None:
    """Print a table for each model."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=SIZES, help="one of the two models")
    parser.add_argument("--rounds", type=int, default=3, help="how often each side runs (default: 3)")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    print(
        "| model | what | onnx | Detoxify.predict | ratio | to reach |\n| --- | --- | --- | --- | --- | --- |"
    )
    if arguments.only != "base":
        _print("compact", folder_of("compact"), arguments.rounds, 400, ("≤ 0.15", "≥ 6"))
    if arguments.only != "compact":
        with tempfile.TemporaryDirectory() as folder:
            compiled = compile_model(str(write_checkpoint(Path(folder))), out=Path(folder) / "compiled")
            _print("BERT base size", compiled, arguments.rounds, 96, ("≤ 0.25", "≥ 8"))


def _print(name: str, path: Path, rounds: int, count: int, targets: tuple[str, str]) -> None:
    folder = ModelFolder(path)
    detoxify, scorer = LocalDetoxify(checkpoint_in(folder)), open_scorer(str(path), engine="onnx")
    print(f"<!-- {scorer.model}, {scorer.engine}, torch {torch.__version__} -->")
    texts, bulk = of_words(WORDS, 60), english(count)
    one: list[tuple[float, float]] = []
    many: list[tuple[float, float]] = []
    for _ in range(rounds):
        one.append((_latency(lambda text: scorer.score([text]), texts), _latency(detoxify.predict, texts)))
        many.append(
            (_rate(lambda: scorer.score(bulk), count), _rate(lambda: _in_batches(detoxify, bulk), count))
        )
    for what, unit, pairs, target in (
        (f"one comment of {WORDS} words, p50", "ms", one, targets[0]),
        ("bulk", "comments/s", many, targets[1]),
    ):
        ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"| {name} | {what} | {ours:.4g} {unit} | {theirs:.4g} {unit} | {ratio:.2f} × | {target} × |")


def _latency(score: Callable[[str], object], texts: list[str]) -> float:
    times = []
    for text in texts:
        started = perf_counter()
        score(text)
        times.append((perf_counter() - started) * 1000)
    return statistics.median(times[10:])


def _rate(score: Callable[[], object], count: int) -> float:
    started = perf_counter()
    score()
    return count / (perf_counter() - started)


def _in_batches(detoxify: LocalDetoxify, texts: list[str]) -> None:
    for begin in range(0, len(texts), _BATCH):
        detoxify.predict(texts[begin : begin + _BATCH])


if __name__ == "__main__":
    main()
