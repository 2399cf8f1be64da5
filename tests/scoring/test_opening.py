"""From a name or path to a scorer."""

import hashlib
import json

import pytest

from moderation.errors import ModelError, ModelNotPulledError, UnknownModelError
from moderation.scoring import CATALOGUE, EMBEDDED, list_models, open_scorer, verify
from moderation.scoring.folder import read_manifest
from moderation.scoring.installed import folder_of
from moderation.scoring.opening import _threads
from moderation.settings import settings
from tests.support.checkpoint import write_checkpoint

PULLED = [name for name, model in CATALOGUE.items() if model.checkpoint]


def test_the_embedded_model_runs_on_onnx_by_default(compact):
    assert compact.engine.startswith("onnx")


@pytest.mark.torch
def test_either_engine_can_be_asked_for(compact, compact_torch):
    assert compact_torch.engine.startswith("torch")
    assert compact_torch.model == compact.model


@pytest.mark.parametrize("name", PULLED)
def test_a_model_that_is_not_there_says_how_to_get_it(name):
    with pytest.raises(ModelNotPulledError) as caught:
        open_scorer(name)
    assert caught.value.hint == f"run `moderation models pull {name}`"
    assert verify(name) == [f"`{name}` is not on this machine"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("orignal", "`original`"),
        ("Compact", "`compact`"),
        ("gpt", "compact, original"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(name, hint):
    with pytest.raises(UnknownModelError) as caught:
        open_scorer(name)
    assert hint in caught.value.hint


@pytest.mark.parametrize("path", ["models/mine", "./mine.ckpt", "~/mine", "mine.pt"])
def test_a_path_that_leads_nowhere_is_said_to(path, tmp_path):
    with pytest.raises(UnknownModelError, match="no checkpoint lies at"):
        open_scorer(path, base_dir=tmp_path)


def test_a_folder_without_a_checkpoint_is_said_to(tmp_path):
    with pytest.raises(UnknownModelError, match="no checkpoint lies at"):
        open_scorer(str(tmp_path))


def test_a_folder_with_two_checkpoints_needs_a_choice(tmp_path):
    for name in ("a.ckpt", "b.pt"):
        (tmp_path / name).touch()
    with pytest.raises(UnknownModelError, match="2 checkpoints"):
        open_scorer(str(tmp_path))


@pytest.mark.torch
@pytest.mark.parametrize("path", ["mine", "mine/tiny.ckpt"], ids=["folder", "file"])
def test_a_relative_path_begins_at_the_ruleset(tmp_path, path):
    write_checkpoint(tmp_path / "mine")
    assert open_scorer(path, base_dir=tmp_path).model.startswith("tiny@")


@pytest.mark.torch
def test_a_packed_folder_opens_by_its_path_on_either_engine(packed):
    onnx, torch = open_scorer(str(packed)), open_scorer(str(packed), engine="torch")
    assert (onnx.engine[:4], torch.engine[:5]) == ("onnx", "torch")
    assert onnx.model == torch.model


@pytest.mark.torch
def test_a_checkpoint_has_no_onnx_form(tmp_path):
    with pytest.raises(ModelError, match="no ONNX form"):
        open_scorer(str(write_checkpoint(tmp_path)), engine="onnx")


def test_a_folder_without_a_graph_has_no_onnx_form(tmp_path):
    model = tmp_path / "model.safetensors"
    model.write_bytes(b"x")
    manifest = {
        "name": "mine",
        "attributes": ["toxicity"],
        "outputs": 1,
        "languages": ["en"],
        "window": 32,
        "model_class": "BertForSequenceClassification",
        "tokenizer_class": "BertTokenizer",
        "licence": "none",
        "base": "none",
        "weights": "model.safetensors",
        "files": {"model.safetensors": hashlib.sha256(b"x").hexdigest()},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="no ONNX form"):
        open_scorer(str(tmp_path), engine="onnx")


def test_the_embedded_model_is_whole():
    assert verify(EMBEDDED) == []
    assert [status.model.name for status in list_models() if status.installed] == [EMBEDDED]


def test_a_broken_manifest_is_a_problem_not_a_crash(models_dir):
    (models_dir / "original").mkdir(parents=True)
    (models_dir / "original" / "manifest.json").write_text("nonsense")
    assert len(verify("original")) == 1


def test_verify_knows_only_the_catalogue():
    with pytest.raises(UnknownModelError):
        verify("../elsewhere")


def test_threads_can_be_set(monkeypatch):
    assert _threads() >= 1
    monkeypatch.setenv("MODERATION_THREADS", "3")
    settings.cache_clear()
    assert _threads() == 3


def test_the_catalogue_and_the_embedded_model_name_the_same_languages(compact):
    assert set(CATALOGUE["compact"].languages) == set(read_manifest(folder_of("compact")).every_language)
    assert compact.languages == set(CATALOGUE["compact"].languages)
