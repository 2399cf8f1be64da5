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

CURVES: dict[str, dict[str, tuple[tuple[float, float], ...]]] = {
    "ko": {"toxicity": ((0.5, 0.2), (0.7, 0.6))},
    "es": {"toxicity": ((0.6, 0.9),)},
}
SCORES = st.floats(0, 1)


def scorer(score=0.6):
    fake = FakeScorer(lambda _: score)
    fake.languages = frozenset({"ko", "es", "de"})
    return CalibratedScorer(fake, CURVES, order=("es", "ko", "de"))


@pytest.mark.parametrize(
    ("score", "curve", "expected"),
    [
        (0.3, (), 0.3),
        (0.25, ((0.5, 0.2), (0.7, 0.6)), 0.1),
        (0.5, ((0.5, 0.2), (0.7, 0.6)), 0.2),
        (0.6, ((0.5, 0.2), (0.7, 0.6)), 0.4),
        (0.85, ((0.5, 0.2), (0.7, 0.6)), 0.8),
        (0.0, ((0.5, 0.2),), 0.0),
        (1.0, ((0.5, 0.2),), 1.0),
    ],
)
def test_a_curve_is_straight_between_its_points(score, curve, expected):
    assert calibrated(score, curve) == pytest.approx(expected, abs=1e-9)


INSIDE = st.lists(st.floats(0.001, 0.999), max_size=6, unique=True).map(sorted)


@given(SCORES, SCORES, INSIDE, INSIDE)
def test_no_two_comments_change_places_and_a_score_stays_one(one, other, xs, ys):
    curve = tuple(zip(xs, ys, strict=False))
    low, high = (calibrated(score, curve) for score in sorted((one, other)))
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("hola", "ko", 0.4),
        ("hola", "es", 0.9),
        ("hallo", "de", 0.9),  # none of its own: those of the first in its script
        ("안녕", "xx", 0.4),
        ("안녕", None, 0.4),
        ("привет", None, 0.9),  # no language in its script: the first
        ("!!!", None, 0.9),
    ],
)
def test_each_language_has_its_own_curve(text, language, expected):
    (answer,) = scorer().score([text], languages=[language])
    assert answer["toxicity"] == pytest.approx(expected, abs=1e-5)
    assert answer["insult"] == 0.6


def test_without_languages_scripts_decide():
    assert scorer().score(["a", "안녕"]) == scorer().score(["a", "안녕"], languages=["es", "ko"])


def test_it_stands_for_the_network_it_wraps():
    wrapped = scorer()
    assert (wrapped.model, wrapped.engine) == (FakeScorer.model, FakeScorer.engine)
    assert wrapped.languages == {"ko", "es", "de"}
    wrapped.close()
    assert wrapped._scorer.closed


def test_a_curve_belongs_to_the_models_identity():
    folder = installed_folder("compact")
    plain = folder.manifest.model_copy(update={"calibration": {}})
    curved = folder.manifest.model_copy(update={"calibration": {"en": {"toxicity": ((0.5, 0.6),)}}})
    assert ModelFolder(folder.path, plain).identity != ModelFolder(folder.path, curved).identity


def test_a_model_with_curves_opens_with_them(tmp_path):
    shipped = installed_folder("compact")
    curve = ((0.5, 0.2), (0.9, 0.4))
    answers = []
    for name, curves in (("plain", {}), ("curved", {"en": {"toxicity": curve}})):
        shutil.copytree(shipped.path, tmp_path / name)
        write_manifest(tmp_path / name, shipped.manifest.model_copy(update={"calibration": curves}))
        answers += open_scorer(str(tmp_path / name)).score(["You are an idiot"], languages=["en"])
    plain, curved = answers
    assert curved["toxicity"] == pytest.approx(calibrated(plain["toxicity"], curve))
    assert curved["insult"] == plain["insult"]


@pytest.mark.parametrize(
    "points",
    [((0.5, 0.6), (0.4, 0.7)), ((0.5, 0.6), (0.6, 0.6)), ((0.0, 0.5),), ((0.5, 1.0),), ((0.5, -0.1),)],
)
def test_a_curve_that_turns_scores_round_is_refused(points):
    described = installed_folder("compact").manifest.model_dump()
    with pytest.raises(ValidationError, match="right of the one before and above it"):
        Manifest.model_validate(described | {"calibration": {"en": {"toxicity": points}}})


def test_the_shipped_model_has_a_curve_for_toxicity_in_every_language():
    folder = installed_folder("compact")
    for network in (folder, *folder.networks):
        for language in network.manifest.languages:
            assert network.manifest.calibration[language]["toxicity"]
