"""Measures what an install weighs: a fresh environment, what pip puts into it, and what `import moderation` costs there.

    python -m tools.benchmarks.install_size                       this checkout, without extras
    python -m tools.benchmarks.install_size --extra parquet       with an extra
    python -m tools.benchmarks.install_size --of ../other         another checkout, or a wheel

What a fresh environment has by itself (pip) is not counted. Times are of the processor, not of the clock: another
program that runs beside hardly changes them. The environment lies in a temporary folder, and is gone afterwards.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 7
SHOWN = 12
MB = 1e6
HEAVY = ("typer", "rich", "pyarrow", "httpx", "streamlit", "torch", "matplotlib", "sklearn", "sqlalchemy")
INSTALLED = """
import json
from importlib.metadata import distributions

def size(one):
    files = [one.locate_file(file) for file in one.files or ()]
    return sum(file.stat().st_size for file in files if file.is_file())

print(json.dumps({one.name: size(one) for one in distributions()}))
"""
IMPORTED = """
import json, sys, time
started = time.process_time()
import {statement}
seconds = time.process_time() - started
print(json.dumps([seconds, len(sys.modules), sorted({{name.partition(".")[0] for name in sys.modules}})]))
"""
STATEMENTS = ("moderation", "moderation.moderator", "moderation.cli")


def main(arguments: Sequence[str] | None = None) -> None:
    """Install, measure and print."""
    head, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=head, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--of", default=str(ROOT), metavar="PATH", help="a checkout or a wheel")
    parser.add_argument("--extra", action="append", default=[], help="install this extra too; repeatable")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        python = _environment(Path(folder))
        before = _packages(python, Path(folder))
        extras = f"[{','.join(options.extra)}]" if options.extra else ""
        subprocess.run([python, "-m", "pip", "install", "--quiet", options.of + extras], check=True)  # noqa: S603
        _print_sizes(before, _packages(python, Path(folder)))
        for statement in STATEMENTS:
            _print_import(python, statement)


def _environment(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    return str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")


def _answer(python: str, program: str) -> str:
    done = subprocess.run([python, "-I", "-c", program], check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return done.stdout


def _packages(python: str, folder: Path) -> tuple[int, dict[str, int]]:
    """Return the bytes of site-packages, and those of each distribution in it."""
    (packages,) = folder.rglob("site-packages")
    whole = sum(file.stat().st_size for file in packages.rglob("*") if file.is_file())
    return whole, json.loads(_answer(python, INSTALLED))


def _print_sizes(before: tuple[int, dict[str, int]], after: tuple[int, dict[str, int]]) -> None:
    new = {name: size for name, size in after[1].items() if name not in before[1]}
    print(f"site-packages: {(after[0] - before[0]) / MB:.0f} MB in {len(new)} distributions, ours among them")
    for name, size in sorted(new.items(), key=lambda one: -one[1])[:SHOWN]:
        print(f"  {size / MB:7.1f} MB  {name}")


def _print_import(python: str, statement: str) -> None:
    program = IMPORTED.format(statement=statement)
    runs = [json.loads(_answer(python, program)) for _ in range(RUNS)]
    seconds = statistics.median(run[0] for run in runs)
    heavy = [name for name in HEAVY if name in runs[0][2]]
    print(
        f"import {statement}: {seconds:.2f} s, {runs[0][1]:,} modules; of the heavy ones {', '.join(heavy) or 'none'}"
    )


if __name__ == "__main__":
    main()
