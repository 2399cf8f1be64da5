"""The packed form: one set of weights that both engines read, as one network or as a further one."""

import json
import shutil

import pytest
from tokenizers import Tokenizer

pytest.importorskip("torch")

from moderation.errors import ModelCorruptError
from moderation.scoring import open_scorer
from moderation.scoring.folder import ModelFolder, checksums, read_manifest, write_manifest
from moderation.scoring.windows import WindowCutter
from moderation.settings import settings
from tests.support.checkpoint import write_checkpoint
from tools.models import pack as packing

pytestmark = pytest.mark.torch

LONG = "you are kind, this article is an idiot's " * 8
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


def with_window(packed, folder, window):
    shutil.copytree(packed, folder)
    manifest = read_manifest(folder).model_copy(update={"window": window, "networks": {}})
    write_manifest(folder, manifest)
    return str(folder)


def test_both_engines_read_as_much_at_a_time_as_the_manifest_says(packed, tmp_path):
    narrow = with_window(packed, tmp_path / "narrow", 16)
    pieces = WindowCutter(Tokenizer.from_file(f"{narrow}/tokenizer.json"), 16).cut(LONG)
    texts = [piece.text for piece in pieces]
    for engine in ("onnx", "torch"):
        scorer = open_scorer(narrow, engine=engine)
        every = scorer.score(texts)
        assert scorer.score([LONG]) == [
            {name: max(scores[name] for scores in every) for name in scorer.attributes}
        ]


@pytest.mark.parametrize("engine", ["onnx", "torch"])
def test_a_window_wider_than_the_network_is_refused(packed, tmp_path, engine):
    wide = with_window(packed, tmp_path / "wide", 64)
    with pytest.raises(ModelCorruptError, match="64 tokens, its network 32 places"):
        open_scorer(wide, engine=engine)


def test_no_setting_changes_what_a_model_reads_at_a_time(packed, monkeypatch):
    """What concerns scores stands in rules.yaml or in the model, where a decision's record names it."""
    before = open_scorer(str(packed)).score([LONG])
    monkeypatch.setenv("MODERATION_WINDOW", "16")
    settings.cache_clear()
    assert open_scorer(str(packed)).score([LONG]) == before


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
    copy = tmp_path / "copy"
    shutil.copytree(packed, copy)
    (copy / "other" / "config.json").write_text(json.dumps({}))
    with pytest.raises(ModelCorruptError, match="differs from its checksum"):
        ModelFolder(copy)
