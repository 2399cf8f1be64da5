"""Packs a trained checkpoint into the form that this package ships.

    python -m tools.models.pack CHECKPOINT_DIR OUT_DIR [--card CARD.json] [--network NAME] [--commit HASH]

One set of weights, from which both engines run: `weights.safetensors` (int8, a scale for each row) and
`model.onnx`, a graph that points into it; beside them the tokeniser, config.json and a manifest. The card
says what can't be read from the checkpoint. With --network, the model becomes a further network of the one
in OUT_DIR, for the languages of its card: its files go into OUT_DIR/NAME, its manifest into OUT_DIR's. The
same input gives the same bytes. Needs `comment-moderation[compile,torch]`.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from moderation.model_building.compile import sample_comments
from moderation.model_building.packing import pack as pack_checkpoint
from moderation.model_building.packing import write_packed
from moderation.scoring.checkpoint import find_checkpoint
from moderation.scoring.detoxify import DetoxifyScorer, read_checkpoint
from moderation.scoring.folder import MANIFEST, ModelFolder, read_manifest, write_manifest

CARDS = Path(__file__).parent


def main() -> None:
    """Pack, check, and print what was made."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--card", type=Path, default=CARDS / "compact.json")
    parser.add_argument("--network", default="")
    parser.add_argument("--commit", default="", help="the commit of tools/training that trained it")
    arguments = parser.parse_args()
    card = {**json.loads(arguments.card.read_text(encoding="utf-8")), "commit": arguments.commit}
    print(pack(arguments.checkpoint, arguments.out, card, network=arguments.network))
    for file in sorted(arguments.out.rglob("*")):
        if file.is_file():
            print(f"{file.stat().st_size:>12,} {file.relative_to(arguments.out)}")


def pack(source: Path, out: Path, card: dict[str, Any], *, network: str = "") -> str:
    """Write the packed model into a folder; tell how far its engines' scores lie apart.

    Raises:
        ModelError: the checkpoint can't be used.
        ValueError: the two engines disagree.
    """
    place = out / network
    checkpoint = read_checkpoint(find_checkpoint(source))
    # The torch engine reads the packed weights too; so they are what the graph is compared with.
    write_packed(checkpoint, place, card)
    reference = DetoxifyScorer.from_folder(ModelFolder(place), threads=1)
    found = pack_checkpoint(checkpoint, place, card, reference, sample_comments())
    if not found.tolerable:
        raise ValueError(f"the engines disagree: {found}")
    if network:
        manifest = read_manifest(place)
        (place / MANIFEST).unlink()
        whole = read_manifest(out)
        networks = {**whole.networks, network: manifest}
        write_manifest(out, whole.model_copy(update={"networks": networks}))
    return str(found)


if __name__ == "__main__":
    main()
