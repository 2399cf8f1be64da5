"""The real Detoxify on tiny checkpoints of the real structure."""

import importlib
import json
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest

from moderation.errors import MissingExtraError, ModelCorruptError
from moderation.scoring import basis_of, open_scorer
from moderation.scoring.folder import ModelFolder
from tests.support.checkpoint import KINDS, SEVEN, write_checkpoint, write_tokenizer

pytestmark = pytest.mark.torch

TEXTS = ("you are an idiot", "", "thank you, kind article!", "ünï 한 👍", "half a \ud83d pair")
LONG = "this article, " * 40


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Tiny models are slower on two, and much slower beside other tests."""
    monkeypatch.setenv("MODERATION_THREADS", "1")


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def change(path, edit):
    """Edit a checkpoint and save it again."""
    torch = import_module("torch")
    loaded = torch.load(path, weights_only=True)
    edit(loaded)
    torch.save(loaded, path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("no_network")
def test_scores_are_those_of_detoxify_itself(tmp_path, detoxify, kind):
    path = write_checkpoint(tmp_path, kind)
    scorer = open_scorer(str(path))
    predict = detoxify.LocalDetoxify(detoxify.read_checkpoint(path)).predict
    assert scorer.score(TEXTS[:4]) == [pytest.approx(predict(text)) for text in TEXTS[:4]]
    assert len({scores["toxicity"] for scores in scorer.score(TEXTS)}) > 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_has_the_same_score_to_the_last_bit_in_any_batch_and_order(tmp_path, kind):
    scorer = open_scorer(str(write_checkpoint(tmp_path, kind)))
    texts = [*TEXTS, LONG, *("a " * n for n in range(1, 20))]
    alone = [scorer.score([text])[0] for text in texts]
    assert scorer.score(texts) == alone
    assert scorer.score(texts[::-1]) == alone[::-1]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_long_text_is_overlooked(tmp_path, detoxify, kind):
    path = write_checkpoint(tmp_path, kind)
    scorer = detoxify.DetoxifyScorer.from_checkpoint(path, threads=1)
    windows = [window.text for window in scorer._windows.cut(LONG)]
    assert len(windows) >= 5
    every = scorer.score(windows)
    assert scorer.score([LONG]) == [{key: max(scores[key] for scores in every) for key in scorer.attributes}]


def test_it_says_what_it_is(tmp_path):
    scorer = open_scorer(str(write_checkpoint(tmp_path)))
    name, digest = scorer.model.split("@")
    assert (name, len(digest)) == ("tiny", 12)
    assert scorer.engine.startswith("torch ")
    assert scorer.attributes == (
        "toxicity",
        "severe_toxicity",
        "obscene",
        "threat",
        "insult",
        "identity_attack",
    )


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "manifest.json"])
def test_what_lies_beside_a_checkpoint_is_part_of_its_basis(tmp_path, name):
    path = write_checkpoint(tmp_path)
    before = open_scorer(str(path))
    file = tmp_path / name
    given = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(given | {"languages": ["ko"]}))
    after = open_scorer(str(path))
    assert after.model == before.model
    assert basis_of(after).files != basis_of(before).files


def test_a_name_or_a_note_in_a_manifest_is_no_part_of_its_basis(packed):
    manifest = ModelFolder(packed).manifest
    assert manifest.model_copy(update={"known_faults": ("none",)}).everything == manifest.everything
    assert manifest.model_copy(update={"languages": ("ko",)}).everything != manifest.everything


def test_the_number_of_threads_is_recorded_for_it_can_change_a_last_digit(tmp_path, detoxify):
    path = write_checkpoint(tmp_path)
    runtime = basis_of(detoxify.DetoxifyScorer.from_checkpoint(path, threads=2)).runtime
    assert runtime.endswith("2 threads")
    assert "transformers " in runtime


@pytest.mark.parametrize(
    ("kind", "manifest", "languages"),
    [
        ("bert", None, {"en"}),
        ("xlm-roberta", None, {"en", "fr", "es", "it", "pt", "tr", "ru"}),
        ("bert", {"languages": ["ko", "en"]}, {"ko", "en"}),
        ("bert", {"name": "mine"}, {"en"}),
    ],
    ids=["bert", "xlm-roberta", "own", "own_without_languages"],
)
def test_a_checkpoint_knows_the_languages_of_its_manifest_or_its_architecture(
    tmp_path, kind, manifest, languages
):
    path = write_checkpoint(tmp_path, kind)
    if manifest:
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert open_scorer(str(path)).languages == languages


def test_outputs_without_a_name_are_not_used(tmp_path):
    scorer = open_scorer(str(write_checkpoint(tmp_path, "xlm-roberta", classes=SEVEN, outputs=16)))
    assert tuple(scorer.score(["x"])[0]) == SEVEN


def test_half_precision_is_computed_in_float32(tmp_path, detoxify):
    model = detoxify.LocalDetoxify(detoxify.read_checkpoint(write_checkpoint(tmp_path, half=True))).model
    assert {str(tensor.dtype) for tensor in model.parameters()} == {"torch.float32"}


def test_position_ids_of_older_checkpoints_may_be_there(tmp_path, detoxify):
    path = write_checkpoint(tmp_path)
    before = open_scorer(str(path)).score(TEXTS)
    torch = import_module("torch")
    change(path, lambda saved: saved["state_dict"].update({"bert.embeddings.position_ids": torch.arange(32)}))
    assert open_scorer(str(path)).score(TEXTS) == before


def not_finite(saved):
    saved["state_dict"]["classifier.bias"][0] = float("nan")


DAMAGES = {
    "missing weight": lambda saved: saved["state_dict"].pop("classifier.weight"),
    "unknown weight": lambda saved: saved["state_dict"].update(more=saved["state_dict"]["classifier.bias"]),
    "weight of another shape": lambda saved: saved["state_dict"].update(
        {"classifier.bias": saved["state_dict"]["classifier.bias"][:3]}
    ),
    "not finite": not_finite,
    "no config": lambda saved: saved.pop("config"),
    "no state_dict": lambda saved: saved.pop("state_dict"),
    "unknown class": lambda saved: saved["config"]["arch"]["args"].update(model_name="GPT2Model"),
    "another tokeniser": lambda saved: saved["config"]["arch"]["args"].update(
        tokenizer_name="AlbertTokenizer"
    ),
    "unknown attribute": lambda saved: saved["config"]["dataset"]["args"].update(classes=["charm"]),
    "no attributes": lambda saved: saved["config"]["dataset"]["args"].update(classes=[]),
    "more attributes than outputs": lambda saved: saved["config"]["dataset"]["args"].update(
        classes=list(SEVEN)
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_checkpoint_that_is_not_whole_is_refused(tmp_path, damage):
    path = write_checkpoint(tmp_path)
    change(path, DAMAGES[damage])
    with pytest.raises(ModelCorruptError):
        open_scorer(str(path))


def test_a_tokeniser_of_another_model_is_refused(tmp_path):
    path = write_checkpoint(tmp_path, "roberta")
    write_tokenizer(tmp_path, "xlm-roberta")
    with pytest.raises(ModelCorruptError):
        open_scorer(str(path))


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"PK\x05\x06" + bytes(18)], ids=["empty", "nonsense", "zip"]
)
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path, content):
    path = write_checkpoint(tmp_path)
    path.write_bytes(content)
    with pytest.raises(ModelCorruptError, match="no checkpoint"):
        open_scorer(str(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", None),
        ("config.json", "[]"),
        ("config.json", '{"model_type": "bert", "vocab_size": 95}'),
        ("config.json", "nonsense"),
        ("tokenizer.json", None),
        ("manifest.json", '{"languages": "en"}'),
    ],
    ids=[
        "no_config",
        "config_list",
        "config_of_another",
        "config_broken",
        "no_tokeniser",
        "languages_no_list",
    ],
)
def test_what_lies_beside_a_checkpoint_must_fit(tmp_path, name, content):
    path = write_checkpoint(tmp_path)
    (tmp_path / name).unlink(missing_ok=True)
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ModelCorruptError):
        open_scorer(str(path))


def test_a_config_without_a_window_is_refused(tmp_path):
    path = write_checkpoint(tmp_path)
    config = json.loads((tmp_path / "config.json").read_bytes())
    del config["max_position_embeddings"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    change(path, lambda saved: saved["state_dict"].pop("bert.embeddings.position_embeddings.weight"))
    with pytest.raises(ModelCorruptError):
        open_scorer(str(path))


def test_threads_may_share_it(tmp_path):
    scorer = open_scorer(str(write_checkpoint(tmp_path)))
    expected = scorer.score(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(scorer.score, [TEXTS] * 16):
            assert found == expected


def test_a_closed_scorer_is_not_used_again(tmp_path):
    scorer = open_scorer(str(write_checkpoint(tmp_path)))
    scorer.close()
    with pytest.raises(RuntimeError, match="closed"):
        scorer.score(["x"])


@pytest.mark.parametrize("package", ["torch", "transformers", "detoxify"])
def test_a_missing_package_is_named_with_what_to_install(monkeypatch, package):
    monkeypatch.delitem(sys.modules, "moderation.scoring.detoxify", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError) as caught:
        importlib.import_module("moderation.scoring.detoxify")
    assert package in caught.value.what
    assert caught.value.hint == 'pip install "comment-moderation[torch]"'
