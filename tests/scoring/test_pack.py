"""The packed form: one set of weights that both engines read, as one network or as a further one."""

import json

import pytest

from moderation.scoring import open_scorer
from moderation.scoring.folder import ModelFolder, checksums, read_manifest
from tests.support.checkpoint import write_checkpoint
from tools.models import pack as packing

pytestmark = pytest.mark.torch

TEXTS = ("you are an idiot", "thank this kind article")
CARD = {"name": "tiny", "languages": ["en"], "licence": "none", "base": "random"}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    write_checkpoint(folder / "source")
    packing.pack(folder / "source", folder / "packed", CARD)
    packing.pack(folder / "source", folder / "packed", CARD | {"languages": ["ko"]}, network="other")
    return folder / "packed"


def test_both_engines_score_alike(packed):
    onnx, torch = (open_scorer(str(packed), engine=engine) for engine in ("onnx", "torch"))
    for ours, theirs in zip(onnx.score(TEXTS), torch.score(TEXTS), strict=True):
        assert ours == pytest.approx(theirs, abs=0.05)


def test_the_manifest_knows_every_file_of_every_network(packed):
    manifest = read_manifest(packed)
    assert manifest.files == checksums(packed)
    assert manifest.networks["other"].files == checksums(packed / "other")
    assert manifest.every_language == ("en", "ko")
    assert (
        ModelFolder(packed).identity
        != ModelFolder(packed, manifest.model_copy(update={"networks": {}})).identity
    )


def test_the_same_checkpoint_gives_the_same_bytes(packed, tmp_path):
    packing.pack(packed.parent / "source", tmp_path / "again", CARD)
    assert checksums(tmp_path / "again") == checksums(packed)


def test_a_damaged_further_network_is_found(packed, tmp_path):
    import shutil

    from moderation.errors import ModelCorruptError

    copy = tmp_path / "copy"
    shutil.copytree(packed, copy)
    (copy / "other" / "config.json").write_text(json.dumps({}))
    with pytest.raises(ModelCorruptError, match="differs from its checksum"):
        ModelFolder(copy)
