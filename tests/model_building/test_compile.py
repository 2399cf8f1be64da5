"""A compiled model scores as the one that it was made of, or is not installed."""

from importlib.resources import files

import pytest
from typer.testing import CliRunner

from moderation.cli import app
from moderation.errors import ModelError
from moderation.model_building import packing
from moderation.model_building.compile import compile_model, sample_comments
from moderation.model_building.graph import Graph
from moderation.scoring import open_scorer
from tests.support.checkpoint import KINDS, write_checkpoint

pytestmark = pytest.mark.torch

TEXTS = ("you are an idiot", "thank this kind article", "x", " ".join(["idiot"] * 20))


@pytest.fixture
def lenient(monkeypatch):
    """Random weights multiply what rounding takes from them, as trained ones do not."""
    monkeypatch.setattr(packing, "MAX", 1.0)
    monkeypatch.setattr(packing, "MEAN", 1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_architecture_is_computed_as_in_torch(kind, lenient, monkeypatch, tmp_path):
    linear = Graph.linear
    float_only = lambda *given, exact=True, **others: linear(*given, exact=True, **others)  # noqa: ARG005, E731
    monkeypatch.setattr(Graph, "linear", float_only)
    folder = compile_model(str(write_checkpoint(tmp_path / "source", kind)))
    ours, theirs = (open_scorer(str(folder), engine=engine).score(TEXTS) for engine in ("onnx", "torch"))
    for one, other in zip(
        ours, theirs, strict=True
    ):  # the same weights, so nothing but the sums' order differs
        assert one == pytest.approx(other, abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_compiled_model_scores_near_its_checkpoint_alone_and_among_others(kind, lenient, tmp_path):
    checkpoint = write_checkpoint(tmp_path / "source", kind)
    said: list[str] = []
    folder = compile_model(str(checkpoint), report=said.append)
    assert folder == tmp_path / "source" / "tiny-onnx"
    assert "scores differ by" in said[-1]
    compiled = open_scorer(str(folder), engine="onnx")
    alone = [compiled.score([text])[0] for text in TEXTS]
    assert compiled.score(TEXTS) == alone
    for ours, theirs in zip(alone, open_scorer(str(checkpoint)).score(TEXTS), strict=True):
        assert ours == pytest.approx(theirs, abs=0.2)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_int8_products_share_their_weights(kind, lenient, tmp_path):
    """On x86 without VNNI, ONNX Runtime can't load a graph in which they do; on other machines it can."""
    from onnx import load

    graph = load(compile_model(str(write_checkpoint(tmp_path / "source", kind))) / "model.onnx").graph
    turned = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Transpose"}
    weights = [turned[node.input[1]] for node in graph.node if node.op_type == "MatMulIntegerToFloat"]
    assert len(weights) == len(set(weights)) > 1


def test_a_form_that_disagrees_is_not_installed(tmp_path, monkeypatch):
    checkpoint = write_checkpoint(tmp_path / "source")
    monkeypatch.setattr(packing, "MAX", -1.0)
    result = CliRunner().invoke(app, ["models", "compile", str(checkpoint)])
    assert result.exit_code == 1
    assert "disagrees" in result.output
    assert not list((tmp_path / "source").glob("*onnx*"))


def test_what_is_there_is_not_overwritten(tmp_path):
    checkpoint = write_checkpoint(tmp_path / "source")
    (tmp_path / "there").mkdir()
    with pytest.raises(ModelError, match="is there already"):
        compile_model(str(checkpoint), out=tmp_path / "there")


def test_the_embedded_model_is_compiled_already():
    with pytest.raises(ModelError, match="compiled already"):
        compile_model("compact")


def test_a_checkpoint_without_tokenizer_json_says_what_to_do(tmp_path):
    checkpoint = write_checkpoint(tmp_path / "source")
    (tmp_path / "source" / "tokenizer.json").unlink()
    with pytest.raises(ModelError):
        compile_model(str(checkpoint))


def test_the_sample_is_varied():
    texts = sample_comments()
    assert len(texts) > 60
    assert files("moderation").joinpath("data/sample.md").is_file()  # where it is from
