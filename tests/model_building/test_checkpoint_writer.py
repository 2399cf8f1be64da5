"""A model written as a checkpoint is one that Detoxify itself loads, and scores as before."""

import pytest

from moderation.errors import ModelError
from moderation.model_building.checkpoint_writer import export_checkpoint
from moderation.scoring.folder import ModelFolder
from moderation.scoring.installed import folder_of
from moderation.scoring.onnx import OnnxScorer

pytestmark = pytest.mark.torch

ENGLISH = "You are an idiot, and nobody wants you here."
KOREAN = "이런 멍청한 새끼"


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return export_checkpoint(ModelFolder(folder_of("compact")), tmp_path_factory.mktemp("out") / "compact")


def test_detoxify_itself_scores_as_the_embedded_model_does(exported):
    from detoxify import Detoxify

    folder = ModelFolder(folder_of("compact"))
    for checkpoint, text, network in zip(
        exported, (ENGLISH, KOREAN), (folder, *folder.networks), strict=False
    ):
        found = Detoxify(checkpoint=str(checkpoint)).predict(text)
        scorer = OnnxScorer(network, threads=1)  # Detoxify knows no curves
        assert set(found) == set(scorer.attributes)
        (expected,) = scorer.score([text])
        assert found == pytest.approx(expected, abs=0.1)
        assert found["toxicity"] > 0.5


def test_nothing_is_overwritten(exported):
    with pytest.raises(ModelError, match="is there already"):
        export_checkpoint(ModelFolder(folder_of("compact")), exported[0].parent)
