"""How far the two engines' scores lie apart on real comments, and whether the rules decide the same of them.

    python -m tools.benchmarks.agreement FILE... [--rows 2000] [--rules rules.yaml] [--model compact]

FILE is CSV, JSONL or Parquet with a column `text`, as `moderation evaluate` reads it. Both engines run the model as it
is packed: ONNX Runtime with int8 arithmetic, Detoxify's own class with float32 arithmetic.
"""

import argparse
import random
from pathlib import Path

import numpy as np

from moderation import Comment
from moderation.model_evaluation.labels import read_labelled
from moderation.pipeline import Pipeline
from moderation.rules import Ruleset
from moderation.scoring import ToxicityScorer, open_scorer

TARGETS = ("mean ≤ 0.01", "max ≤ 0.10", "same decision ≥ 99.5 %")


def main() -> None:
    """Print how far they agree."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--rows", type=int, default=2000, help="comments, drawn by seed (default: 2,000)")
    parser.add_argument("--rules", type=Path, default=Path("rules.yaml"))
    parser.add_argument("--model", default="compact")
    arguments = parser.parse_args()
    texts = [text for file in arguments.files for text in read_labelled(file)[0].texts]
    texts = random.Random(0).sample(texts, min(arguments.rows, len(texts)))  # noqa: S311 - repeatable, not secret
    onnx, torch = (open_scorer(arguments.model, engine=engine) for engine in ("onnx", "torch"))
    (scores, actions), (others, their_actions) = (
        _decisions(scorer, arguments.rules, texts) for scorer in (onnx, torch)
    )
    apart = np.abs(scores - others)
    same = np.mean([one == other for one, other in zip(actions, their_actions, strict=True)])
    print(f"{len(texts):,} comments, {np.isfinite(apart).all(1).sum():,} of them scored by {onnx.model}")
    print(f"{onnx.engine} beside {torch.engine}")
    found = (f"{np.nanmean(apart):.4f}", f"{np.nanmax(apart):.4f}", f"{same:.2%}")
    for name, target, value in zip(("mean |Δ|", "max |Δ|", "same decision"), TARGETS, found, strict=True):
        print(f"{name:>14} {value:>8}   ({target})")


def _decisions(
    scorer: ToxicityScorer, rules: Path, texts: list[str]
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], list[str]]:
    decisions = Pipeline.open(Ruleset.load(rules), scorer=scorer).decide([Comment(text) for text in texts])
    scores = [[one.scores.get(name, np.nan) for name in scorer.attributes] for one in decisions]
    return np.array(scores, dtype=np.float64), [one.action.value for one in decisions]


if __name__ == "__main__":
    main()
