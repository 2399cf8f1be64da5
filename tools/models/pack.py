"""Packs a Detoxify checkpoint of a BERT model into the form that this package ships.

    python -m tools.models.pack CHECKPOINT_DIR OUT_DIR [--card tools/models/compact.json]

One set of weights, from which both engines run: `weights.safetensors` (int8, a scale for each row) and
`model.onnx`, a graph that points into it; beside them the tokeniser, config.json and a manifest. The card
says what can't be read from the checkpoint. The same input gives the same bytes. Needs the packages `onnx`
and `comment-moderation[torch]`.
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

from safetensors.numpy import save_file

from moderation.scoring import ToxicityScorer
from moderation.scoring.checkpoint import find_checkpoint, window_of
from moderation.scoring.detoxify import Checkpoint, DetoxifyScorer, read_checkpoint
from moderation.scoring.folder import (
    CONFIG,
    GRAPH,
    TOKENIZER,
    Manifest,
    ModelFolder,
    checksums,
    write_manifest,
)
from moderation.scoring.onnx import OnnxScorer
from tools.models.graph import bert_graph
from tools.models.quantise import quantise

WEIGHTS = "weights.safetensors"
TOLERANCE = 1e-5
"""How far the engines' scores may lie apart: float32, added up in another order."""

SAMPLES = ("You are an idiot", "Thank you for this careful article.", "", "no words: 12 !!", "long " * 700)
_TOKENIZER_CONFIG = "tokenizer_config.json"


def main() -> None:
    """Pack, check, and print what was made."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--card", type=Path, default=Path(__file__).with_name("compact.json"))
    arguments = parser.parse_args()
    pack(arguments.checkpoint, arguments.out, json.loads(arguments.card.read_text(encoding="utf-8")))
    for file in sorted(arguments.out.iterdir()):
        print(f"{file.stat().st_size:>12,} {file.name}")
    print(f"the engines' scores differ by {disagreement(arguments.out):.1e} at most")


def pack(source: Path, out: Path, card: dict[str, Any]) -> None:
    """Write the packed model into a folder.

    Raises:
        ModelError: the checkpoint can't be used.
        ValueError: the model is no BERT with GELU, or the two engines disagree.
    """
    checkpoint = read_checkpoint(find_checkpoint(source))
    config = json.loads((source / CONFIG).read_bytes())
    if (config["model_type"], config["hidden_act"]) != ("bert", "gelu"):
        raise ValueError(
            f"only BERT with GELU can be packed, not {config['model_type']}, {config['hidden_act']}"
        )
    out.mkdir(parents=True, exist_ok=True)
    for name in (CONFIG, TOKENIZER, _TOKENIZER_CONFIG):
        shutil.copyfile(source / name, out / name)
    state = {name: tensor.float().numpy() for name, tensor in checkpoint.state.items()}
    save_file(quantise(state), out / WEIGHTS)
    graph = bert_graph(out / WEIGHTS, config, checkpoint.architecture.outputs)
    (out / GRAPH).write_bytes(graph.SerializeToString(deterministic=True))
    write_manifest(out, _manifest(out, checkpoint, card))
    if (found := disagreement(out)) > TOLERANCE:
        raise ValueError(f"the engines' scores differ by {found:.1e}")


def disagreement(packed: Path) -> float:
    """Return the largest difference between the two engines' scores on a few texts."""
    folder = ModelFolder(packed)
    engines: tuple[ToxicityScorer, ...] = (
        OnnxScorer(folder, threads=1),
        DetoxifyScorer.from_folder(folder, threads=1),
    )
    onnx, torch = (engine.score(SAMPLES) for engine in engines)
    return max(abs(a[key] - b[key]) for a, b in zip(onnx, torch, strict=True) for key in a)


def _manifest(out: Path, checkpoint: Checkpoint, card: dict[str, Any]) -> Manifest:
    architecture = checkpoint.architecture
    return Manifest(
        attributes=architecture.attributes,
        outputs=architecture.outputs,
        window=window_of(out),
        model_class=architecture.model_class,
        tokenizer_class=architecture.tokenizer_class,
        weights=WEIGHTS,
        files=checksums(out),
        **card,
    )


if __name__ == "__main__":
    main()
