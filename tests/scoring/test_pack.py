"""Packing a checkpoint: the same bytes each time, from which both engines give the checkpoint's scores."""

import json
from importlib import import_module

import numpy as np
import pytest

from moderation.scoring import open_scorer
from moderation.scoring.folder import checksums, read_manifest
from tests.scoring.conftest import CARD
from tests.support.checkpoint import write_checkpoint

pytestmark = pytest.mark.torch

TEXTS = ["you are an idiot", "thank you, kind article!", "", "a b c 1 2 3", "this article, " * 30]


@pytest.fixture
def pack():
    return import_module("tools.models.pack")


@pytest.fixture
def quantise():
    return import_module("tools.models.quantise")


def test_packing_again_gives_the_same_bytes(packed, pack, tmp_path):
    pack.pack(packed.parent / "source", tmp_path / "again", CARD)
    assert checksums(tmp_path / "again") == checksums(packed)
    assert (tmp_path / "again" / "manifest.json").read_bytes() == (packed / "manifest.json").read_bytes()


def test_both_engines_agree(packed):
    onnx, torch = open_scorer(str(packed)), open_scorer(str(packed), engine="torch")
    for ours, theirs in zip(onnx.score(TEXTS), torch.score(TEXTS), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-5)


def test_scores_stay_near_those_of_the_checkpoint(packed):
    before = open_scorer(str(packed.parent / "source")).score(TEXTS)
    for ours, theirs in zip(open_scorer(str(packed)).score(TEXTS), before, strict=True):
        assert ours == pytest.approx(theirs, abs=0.05)


def test_weights_are_there_once(packed):
    assert (packed / "model.onnx").stat().st_size < 60_000
    assert b"weights.safetensors" in (packed / "model.onnx").read_bytes()


def test_the_manifest_has_what_the_card_says(packed):
    manifest = read_manifest(packed)
    assert (manifest.name, manifest.languages, manifest.window) == ("tiny", ("en",), 32)


def test_rows_are_rounded_to_at_most_half_a_step(quantise):
    matrix = np.random.default_rng(0).normal(size=(5, 40)).astype(np.float32)
    matrix[2] = 0
    values, scale = quantise.rows_to_int8(matrix)
    assert np.abs(values * scale[:, None] - matrix).max() <= scale.max() / 2 + 1e-6
    assert values.min() >= -127


def test_what_is_no_bert_is_refused(pack, tmp_path):
    write_checkpoint(tmp_path / "roberta", "roberta")
    with pytest.raises(ValueError, match="only BERT"):
        pack.pack(tmp_path / "roberta", tmp_path / "out", CARD)


def test_engines_that_disagree_are_noticed(pack, tmp_path, monkeypatch):
    write_checkpoint(tmp_path / "source")
    monkeypatch.setattr(pack, "TOLERANCE", -1.0)
    with pytest.raises(ValueError, match="differ"):
        pack.pack(tmp_path / "source", tmp_path / "out", CARD)


def test_the_command_shows_what_it_made(pack, tmp_path, monkeypatch, capsys):
    write_checkpoint(tmp_path / "source")
    card = tmp_path / "card.json"
    card.write_text(json.dumps(CARD))
    command = ["pack", str(tmp_path / "source"), str(tmp_path / "out"), "--card", str(card)]
    monkeypatch.setattr("sys.argv", command)
    pack.main()
    assert "weights.safetensors" in capsys.readouterr().out
