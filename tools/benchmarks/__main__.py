"""Times the pipeline beside Detoxify itself, on the same weights, in one run.

    python -m tools.benchmarks            the README's table
    python -m tools.benchmarks --rounds 5 more rounds, steadier figures
    python -m tools.benchmarks.language   accuracy of the language detection

Each side runs in a process of its own, in turn, so that start-up and memory are its own; of the
rounds, the median counts. The machine should have nothing else to do.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import UTC, datetime

SIDES = ("detoxify", "moderation")


def main() -> None:
    """Run both sides in turn and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each side runs (default: 3)")
    rounds = parser.parse_args().rounds
    runs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for number in range(rounds):
        for side in SIDES:
            print(f"round {number + 1} of {rounds}: {side}", file=sys.stderr)
            runs[side].append(_run(side))
    _print(
        *(
            {name: statistics.median(run[name] for run in runs[side]) for name in runs[side][0]}
            for side in SIDES
        )
    )


def _run(side: str) -> dict[str, float]:
    command = [sys.executable, "-m", f"tools.benchmarks.side_{side}"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _print(peer: dict[str, float], ours: dict[str, float]) -> None:
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {cpus} cores, {_cpu()}\n")
    print("| what | ours | Detoxify | ratio | to reach |\n| --- | --- | --- | --- | --- |")
    rows = (
        ("`check` of a 300-character comment, p50", "check_ms", "predict_ms", "ms", "≤ 0.7"),
        ("`submit_many` into SQLite", "submit_per_s", "predict_per_s", "comments/s", "≥ 1.5"),
        ("import, open and first decision", "ready_s", "ready_s", "s", "≤ 0.25"),
        ("peak memory", "peak_mb", "peak_mb", "MB", "≤ 0.5"),
    )
    for what, our_key, peer_key, unit, target in rows:
        a, b = ours[our_key], peer[peer_key]
        print(f"| {what} | {a:.4g} {unit} | {b:.4g} {unit} | {a / b:.2f} × | {target} × |")
    for what, key, target in (
        ("everything in `check` but scoring and langdetect, p50", "own_ms", "≤ 0.5 ms"),
        ("the same with a database to ask for repetitions", "own_with_database_ms", ""),
        ("langdetect's own share of `check`, p50", "langdetect_ms", ""),
    ):
        print(f"| {what} | {ours[key]:.2f} ms | | | {target} |")


def _cpu() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - no path to join
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
