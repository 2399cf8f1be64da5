"""Curves over scores: they change what a score means, and never which comment is worse."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from moderation.scoring import open_scorer
from moderation.scoring.calibration import CalibratedScorer, calibrated
from moderation.scoring.folder import Manifest, ModelFolder, write_manifest
from moderation.scoring.opening import installed_folder
from tests.support.scorers import FakeScorer

CURVES = {"ko": {"toxicity": (2.0, 1.0, 0.5)}, "es": {"toxicity": (1.0, 1.0, -3.0)}}
SLOPES = st.floats(0, 5)
SCORES = st.floats(0, 1)


def scorer(score=0.6):
    fake = FakeScorer(lambda _: score)
    fake.languages = frozenset({"ko", "es", "de"})
    return CalibratedScorer(fake, CURVES, default="ko")


@pytest.mark.parametrize(
    ("score", "curve", "expected"),
    [
        (0.3, (1.0, 1.0, 0.0), 0.3),
        (0.5, (1.0, 1.0, 1.0), 0.731059),  # logit 1
        (0.8, (2.0, 0.0, 0.0), 0.390244),  # 0.64 / 1.64
        (0.8, (0.0, 1.0, 0.0), 0.833333),  # 1 / 0.2 = odds of 5
    ],
)
def test_a_curve_is_the_one_of_the_paper(score, curve, expected):
    assert calibrated(score, curve) == pytest.approx(expected, abs=1e-6)


@given(SCORES, SCORES, SLOPES, SLOPES, st.floats(-50, 50))
def test_no_two_comments_change_places_and_a_score_stays_one(one, other, a, b, c):
    low, high = (calibrated(score, (a, b, c)) for score in sorted((one, other)))
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ko", 0.597399),  # logit = 2 ln 0.6 - ln 0.4 + 0.5
        ("es", 0.069491),
        ("de", 0.597399),  # none of its own: as the default's
        (None, 0.597399),
        ("xx", 0.597399),
    ],
)
def test_each_language_has_its_own_curve(language, expected):
    (answer,) = scorer().score(["hola"], languages=[language])
    assert answer["toxicity"] == pytest.approx(expected, abs=1e-5)
    assert answer["insult"] == 0.6


def test_without_languages_the_default_counts():
    assert scorer().score(["a", "b"]) == scorer().score(["a", "b"], languages=["ko", "ko"])


def test_it_stands_for_the_network_it_wraps():
    wrapped = scorer()
    assert (wrapped.model, wrapped.engine) == (FakeScorer.model, FakeScorer.engine)
    assert wrapped.languages == {"ko", "es", "de"}
    wrapped.close()
    assert wrapped._scorer.closed


def test_a_curve_belongs_to_the_models_identity():
    folder = installed_folder("compact")
    plain = folder.manifest.model_copy(update={"calibration": {}})
    curved = folder.manifest.model_copy(update={"calibration": {"en": {"toxicity": (1.0, 2.0, 0.0)}}})
    assert ModelFolder(folder.path, plain).identity != ModelFolder(folder.path, curved).identity


def test_a_model_with_curves_opens_with_them(tmp_path):
    shipped = installed_folder("compact")
    copy = tmp_path / "compact"
    shutil.copytree(shipped.path, copy)
    curve = {"en": {"toxicity": (1.0, 1.0, -2.0)}}
    write_manifest(copy, shipped.manifest.model_copy(update={"calibration": curve}))
    (plain,), (curved,) = (
        open_scorer(str(path)).score(["You are an idiot"], languages=["en"]) for path in (shipped.path, copy)
    )
    assert curved["toxicity"] == pytest.approx(calibrated(plain["toxicity"], (1.0, 1.0, -2.0)))
    assert curved["insult"] == plain["insult"]


def test_a_curve_that_turns_scores_round_is_refused():
    described = installed_folder("compact").manifest.model_dump()
    with pytest.raises(ValidationError):
        Manifest.model_validate(described | {"calibration": {"en": {"toxicity": (-1.0, 1.0, 0.0)}}})
