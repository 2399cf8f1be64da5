"""Training: the loss, the network that it starts from, and a run that is broken off and goes on."""

import json
import math
import tomllib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tokenizers import Tokenizer

pytest.importorskip("torch")

from moderation.scoring import open_scorer
from tests.support.checkpoint import write_checkpoint
from tests.training.test_data import ATTRIBUTES, CHOICES, row
from tools.training.data import FILES

pytestmark = pytest.mark.torch

INSULTS = ("you are an idiot", "an idiot you are", "idiot", "this idiot")
KIND = ("thank you", "this article", "kind article", "you are kind")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A pretrained encoder, labelled comments and a config, all tiny."""
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("training")
    state = torch.load(write_checkpoint(folder / "base"), weights_only=True)["state_dict"]
    save_file(
        {k: v for k, v in state.items() if k.startswith("bert.")}, folder / "base" / "model.safetensors"
    )
    schema = pa.schema(
        [(name, pa.string()) for name in ("text", "lang", "source", "split")]
        + [(name, pa.float32()) for name in ATTRIBUTES]
    )
    rows = [
        row(text, split=split, toxicity=label, insult=label)
        for split, times in (("train", 40), ("dev", 8))
        for texts, label in ((INSULTS, 1.0), (KIND, 0.0))
        for text in texts * times
    ]
    rows += [row("idiot 😡", toxicity=1.0)] * 4
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "comments_en.parquet")
    for file in FILES[1:]:
        pq.write_table(pa.Table.from_pylist([], schema), folder / file)
    return folder


def config(world, **changes):
    from tools.training.config import Config

    choices = CHOICES | {
        "base": str(world / "base"),
        "layers": 2,
        "epochs": 3.0,
        "emoji": True,
        "augmented": 0.0,
    }
    part = choices | changes
    second = part | {"base": "english", "emoji": False}
    return Config.model_validate(
        {"seed": 0, "attributes": ATTRIBUTES, "parts": {"english": part, "second": second}}
    )


def run(world, out, minutes=math.inf, **changes):
    from tools.training.__main__ import train

    return train(config(world, **changes), "english", world, out, minutes)


def weights(out):
    import torch

    return torch.load(next((out / "english" / "checkpoint").glob("*.ckpt")), weights_only=True)["state_dict"]


def test_the_loss_counts_what_is_labelled_by_the_weight_of_its_row():
    import torch

    from tools.training.loop import masked_loss

    logits = torch.tensor([[0.0, 9.0], [2.0, 0.0]])
    labels = torch.tensor([[1.0, math.nan], [0.5, 0.0]])
    found = masked_loss(logits, labels, torch.tensor([1.0, 0.5]))
    one, two, three = math.log(2), math.log(1 + math.exp(2)) - 1, math.log(2)  # -(y log p + (1-y) log(1-p))
    assert found.item() == pytest.approx((3 * one + 1.5 * two + 0.5 * three) / (3 + 1.5 + 0.5), abs=1e-6)


@pytest.mark.parametrize(("has", "narrow"), [("avx512_bf16", True), ("amx_bf16", True), ("avx2", False)])
def test_products_are_of_bf16_where_the_machine_has_them(monkeypatch, has, narrow):
    import torch

    from tools.training.network import narrowed

    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {has: True}, raising=False)
    found = narrowed(torch.device("cpu"))
    assert isinstance(found, torch.autocast) is narrow


def test_the_shipped_config_is_whole():
    from tools.training.config import read_config

    shipped = read_config(Path("tools/training/compact.toml"))
    assert shipped.attributes == ATTRIBUTES
    assert "ko" in shipped.parts["multilingual"].languages
    for part in shipped.parts.values():
        assert set(part.calibrate_on) <= set(part.sources)
        for teacher in (part.teacher, part.shipped, part.capped, part.ngrams):
            assert teacher is None or set(teacher.sources) <= set(part.sources)


def test_a_trained_model_opens_has_learnt_and_knows_emoji(world, tmp_path):
    assert run(world, tmp_path, learning_rate=3e-3, epochs=30.0)
    out = tmp_path / "english"
    scorer = open_scorer(str(next((out / "checkpoint").glob("*.ckpt"))))
    # Of new sentences so small a network knows nothing.
    found = [scores["toxicity"] for scores in scorer.score([*INSULTS, *KIND])]
    assert min(found[: len(INSULTS)]) > max(found[len(INSULTS) :]) + 0.3
    assert json.loads((out / "figures.json").read_text())["attribute toxicity"] > 0.95
    assert Tokenizer.from_file(str(out / "checkpoint" / "tokenizer.json")).token_to_id("😡") is not None


def test_a_run_that_was_broken_off_goes_on_to_the_same_place(world, tmp_path):
    assert run(world, tmp_path / "whole")
    assert not run(world, tmp_path / "halves", minutes=0)
    assert not run(world, tmp_path / "halves", minutes=0)
    assert run(world, tmp_path / "halves")
    whole, halves = weights(tmp_path / "whole"), weights(tmp_path / "halves")
    assert whole.keys() == halves.keys()
    for key in whole:
        np.testing.assert_allclose(whole[key].float(), halves[key].float(), rtol=1e-3, atol=1e-3)


def test_a_second_stage_goes_on_from_the_first(world, tmp_path):
    from tools.training.network import build, encoder_of

    assert run(world, tmp_path, learning_rate=3e-3)
    stage = config(world).parts["second"]
    assert encoder_of(stage, tmp_path) == tmp_path / "english" / "checkpoint"
    model, tokenizer = build(stage, [], len(ATTRIBUTES), tmp_path)
    name = "classifier.weight"
    np.testing.assert_allclose(model.state_dict()[name], weights(tmp_path)[name].float())
    assert tokenizer.token_to_id("😡") is not None


def test_a_vocabulary_that_is_small_already_is_not_cut(world, tmp_path):
    from tools.training.network import build

    part = config(world, vocabulary=1_000_000, emoji=False).parts["english"]
    _, tokenizer = build(part, [], len(ATTRIBUTES), tmp_path)
    whole = Tokenizer.from_file(str(world / "base" / "tokenizer.json"))
    assert tokenizer.get_vocab() == whole.get_vocab()


def test_a_part_that_is_not_in_the_config_is_named(world, tmp_path, monkeypatch):
    from tools.training import __main__ as program

    monkeypatch.setattr(
        "sys.argv", ["training", "--data", str(world), "--out", str(tmp_path), "--part", "nglish"]
    )
    with pytest.raises(SystemExit, match="no part is called 'nglish'; there are english_first, english"):
        program.main()


def test_a_vocabulary_is_cut_to_what_the_texts_use_most(world, tmp_path):
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    from tools.training.network import _cut

    pieces = [
        ("<s>", 0.0),
        ("<pad>", 0.0),
        ("</s>", 0.0),
        ("<unk>", 0.0),
        ("▁", -1.0),
        ("a", -2.0),
        ("b", -2.0),
        ("▁ab", -1.0),
        ("▁zz", -1.0),
    ]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    import torch

    words = torch.arange(9.0)[:, None]
    cut, rows = _cut(tokenizer, words, ["ab ab", "a b"], 8)
    assert cut.token_to_id("▁zz") is None
    kept = [cut.id_to_token(number) for number in range(cut.get_vocab_size())]
    before = [piece for piece, _ in pieces]
    assert [before.index(piece or "") for piece in kept] == rows[:, 0].tolist()
    assert cut.encode("ab").tokens == tokenizer.encode("ab").tokens


def test_the_config_file_is_plain_toml():
    assert tomllib.loads(Path("tools/training/compact.toml").read_text())["seed"] == 0
