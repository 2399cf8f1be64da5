"""A model's folder is used only if every file is the one that the manifest knows."""

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from moderation.errors import ModelCorruptError
from moderation.scoring.folder import (
    Manifest,
    ModelFolder,
    checksums,
    read_manifest,
    sha256_of,
    write_manifest,
)
from moderation.scoring.tensors import read_weights

FIELDS = {
    "name": "tiny",
    "attributes": ("toxicity",),
    "outputs": 1,
    "languages": ("en",),
    "window": 32,
    "model_class": "BertForSequenceClassification",
    "tokenizer_class": "BertTokenizer",
    "licence": "none",
    "base": "random",
    "weights": "model.safetensors",
}


@pytest.fixture
def folder(tmp_path):
    save_file({"w": np.ones(2, dtype=np.float32)}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text("{}")
    write_manifest(tmp_path, Manifest(files=checksums(tmp_path), **FIELDS))
    return tmp_path


def edit(folder, **fields):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | fields))


def test_a_whole_folder_opens_under_its_name_and_hash(folder):
    model = ModelFolder(folder)
    assert model.identity == f"tiny@{sha256_of(folder / 'model.safetensors')[:12]}"
    assert not model.has_graph


def test_a_manifest_is_read_as_it_was_written(folder):
    before = (folder / "manifest.json").read_bytes()
    write_manifest(folder, read_manifest(folder))
    assert (folder / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_changed_file_is_found(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(ModelCorruptError, match="differs from its checksum") as caught:
        ModelFolder(folder)
    assert "moderation models pull tiny" in caught.value.hint


def test_a_missing_file_is_found(folder):
    (folder / "config.json").unlink()
    with pytest.raises(ModelCorruptError, match="is missing"):
        ModelFolder(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"attributes": []},
        {"attributes": ["charm"]},
        {"window": 0},
        {"files": {"../../etc/passwd": "0"}},
        {"weights": "other.safetensors"},
        {"unknown": 1},
        {"name": None},
    ],
    ids=[
        "no_attributes",
        "unknown_attribute",
        "window",
        "file_outside",
        "other_weights",
        "unknown_key",
        "no_name",
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(folder, fields):
    edit(folder, **fields)
    with pytest.raises(ModelCorruptError):
        ModelFolder(folder)


@pytest.mark.parametrize("content", [None, b"", b"\xff", b"[]"], ids=["missing", "empty", "binary", "list"])
def test_what_is_no_manifest_is_refused(folder, content):
    (folder / "manifest.json").unlink()
    if content is not None:
        (folder / "manifest.json").write_bytes(content)
    with pytest.raises(ModelCorruptError, match=r"manifest\.json"):
        ModelFolder(folder)


def test_int8_rows_are_multiplied_out(tmp_path):
    stored: dict[str, NDArray[Any]] = {
        "w": np.array([[1, -127], [2, 0]], dtype=np.int8),
        "w.scale": np.array([0.5, 2.0], dtype=np.float32),
        "half": np.array([1.5], dtype=np.float16),
    }
    save_file(stored, tmp_path / "w.safetensors")
    weights = read_weights(tmp_path / "w.safetensors")
    assert weights.keys() == {"w", "half"}
    assert weights["w"].tolist() == [[0.5, -63.5], [4.0, 0.0]]
    assert {tensor.dtype for tensor in weights.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    "scale", [{}, {"w.scale": np.ones(3, dtype=np.float32)}], ids=["missing", "wrong_length"]
)
def test_scales_that_do_not_fit_are_refused(tmp_path, scale):
    stored: dict[str, NDArray[Any]] = {"w": np.ones((2, 2), dtype=np.int8), **scale}
    save_file(stored, tmp_path / "w.safetensors")
    with pytest.raises(ModelCorruptError, match="scales"):
        read_weights(tmp_path / "w.safetensors")


def test_what_is_no_safetensors_file_is_refused(tmp_path):
    (tmp_path / "w.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelCorruptError, match="can't be read"):
        read_weights(tmp_path / "w.safetensors")
