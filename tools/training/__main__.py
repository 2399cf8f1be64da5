"""Trains `compact`: from labelled comments to the files that the package ships.

    python -m tools.training --data DIR --out DIR [--part english] [--minutes N]

Breaking it off loses at most two minutes of work: the same command goes on where it was. Afterwards
`python -m tools.models.pack` makes the shipped form. See tools/training/README.md.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tools.training.config import Config, Part, read_config
from tools.training.data import FILES, Comments, read_comments
from tools.training.export import export
from tools.training.loop import Training
from tools.training.measure import calibrate, logits_of, report
from tools.training.network import build, encoder_of
from tools.training.ngrams import softened
from tools.training.shipped import capped, drawn
from tools.training.teacher import taught

_COMPILE_FROM = 10.0  # minutes: compiling takes one or two of them


def main() -> None:
    """Train what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", type=Path, default=Path(__file__).with_name("compact.toml"))
    parser.add_argument("--data", type=Path, required=True, help=f"folder of {', '.join(FILES)}")
    parser.add_argument("--out", type=Path, required=True, help="where checkpoints and results go")
    parser.add_argument(
        "--part", metavar="NAME", action="append", help="one part of the config only; may be repeated"
    )
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="learn for so many, then stop, to go on later"
    )
    arguments = parser.parse_args()
    config = read_config(arguments.config)
    parts = arguments.part or list(config.parts)
    if unknown := [name for name in parts if name not in config.parts]:
        sys.exit(f"error: no part is called {unknown[0]!r}; there are {', '.join(config.parts)}")
    try:
        for name in parts:  # said now, rather than after the first network's hour
            print(f"{name} starts from {encoder_of(config.parts[name], arguments.out)}", flush=True)
        done = [train(config, name, arguments.data, arguments.out, arguments.minutes) for name in parts]
    except FileNotFoundError as error:
        sys.exit(f"error: {error}")
    sys.exit(0 if all(done) else 1)


def train(config: Config, name: str, data: Path, out: Path, minutes: float) -> bool:
    """Train one network, for some minutes at most, calibrate, measure and export it; tell whether it was finished."""
    part, folder = config.parts[name], out / name
    if minutes < _COMPILE_FROM:
        part = part.model_copy(update={"compiled": False})
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{name}: reading the comments, and labelling what nobody labelled", flush=True)
    comments = _labelled(read_comments(data, part, "train", config.attributes), part, out)
    print(f"{name}: {len(comments.texts):,} comments in {', '.join(part.languages)}", flush=True)
    torch.manual_seed(config.seed)
    model, tokenizer = build(part, comments.texts, len(config.attributes), out)
    training = Training(
        model, tokenizer, comments, part=part, seed=config.seed, checkpoint=folder / "state.pt"
    )
    if not _with_progress(training, name, time.monotonic() + minutes * 60):
        print(
            f"{name}: stopped at step {training.step:,} of {training.total:,}; the same command goes on from there"
        )
        return False
    network = training.best()
    dev = read_comments(data, part, "dev", config.attributes)
    logits = logits_of(network, tokenizer, dev, part.max_tokens)
    rows = [row for row, source in enumerate(dev.sources) if source in part.calibrate_on]
    calibrate(network, logits[rows], dev.labels[rows])
    figures = report(dev, logits, config.attributes)
    (folder / "figures.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    export(network, tokenizer, config.attributes, f"compact-{name}", folder / "checkpoint")
    print(json.dumps(figures, indent=2))
    return True


def _labelled(comments: Comments, part: Part, kept: Path) -> Comments:
    if part.shipped:
        comments = drawn(comments, part.shipped, kept)
    if part.capped:
        comments = capped(comments, part.capped, kept)
    if part.teacher:
        comments = taught(comments, part.teacher, kept)
    if part.ngrams:
        comments = softened(comments, part.ngrams)
    return comments


def _with_progress(training: Training, name: str, until: float) -> bool:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    terminal = sys.stdout.isatty()
    with Progress(*columns, disable=not terminal) as progress:
        task = progress.add_task(name, total=training.total)
        began = time.monotonic()

        def tell(step: int, total: int, loss: float) -> None:
            progress.update(task, completed=step, description=f"{name} loss {loss:.4f}")
            if not terminal and step % 50 == 0:
                print(f"{step}/{total} loss {loss:.4f} {time.monotonic() - began:.0f} s", flush=True)

        return training.run(tell, until=until)


if __name__ == "__main__":
    main()
