"""The comments written for this: enough of each, half harmless, labelled whole, and none of them in both parts."""

import re
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from moderation.text import normalise
from tools.training.config import read_config
from tools.training.data import FUNCTIONAL, WRITTEN

ATTRIBUTES = read_config(WRITTEN.parents[1] / "compact.toml").attributes
EVALUATION = WRITTEN.with_name("evaluation.parquet")
GUIDE = WRITTEN.with_name("README.md")
_LETTERS = re.compile(r"\W+")


def rows(path):
    return pq.read_table(path).to_pylist()


def key(text):
    return _LETTERS.sub("", normalise(text).text.lower()) or text


@pytest.fixture(scope="module")
def training():
    return rows(WRITTEN)


@pytest.fixture(scope="module")
def evaluation():
    return rows(EVALUATION)


@pytest.mark.parametrize(("language", "train", "test"), [("en", 6000, 600), ("ko", 6000, 400)])
def test_there_are_enough_of_each_language_and_half_are_harmless(training, evaluation, language, train, test):
    for part, least in ((training, train), (evaluation, test)):
        own = [row for row in part if row["lang"] == language]
        assert len(own) >= least
        assert 0.45 <= sum(row["toxicity"] >= 0.5 for row in own) / len(own) <= 0.55


def test_every_attribute_of_every_comment_is_labelled(training, evaluation):
    for row in training + evaluation:
        assert all(0 <= row[name] <= 1 for name in ATTRIBUTES)
        assert row["severe_toxicity"] <= row["toxicity"]


def test_no_comment_stands_twice_or_in_both_parts(training, evaluation):
    counts = Counter((row["lang"], key(row["text"])) for row in training + evaluation)
    assert [found for found, count in counts.items() if count > 1] == []


def test_pairs_are_two_sentences_that_are_labelled_apart(training):
    pairs: dict[str, list[float]] = {}
    for row in training:
        if row["pair"]:
            pairs.setdefault(row["pair"], []).append(row["toxicity"])
    turned = sum(min(both) < 0.5 <= max(both) for both in pairs.values())
    assert turned >= 500
    assert all(len(both) == 2 for both in pairs.values())


def test_the_guide_says_what_each_kind_is(training, evaluation):
    kinds = GUIDE.read_text(encoding="utf-8").partition("## Kinds")[2]
    described = set(re.findall(r"^\| ([a-z_]+) \|", kinds, re.MULTILINE)) - {"kind"}
    assert {row["kind"] for row in training + evaluation} == described


def test_comments_fit_a_comment_box(training, evaluation):
    assert all(0 < len(row["text"]) <= 320 for row in training + evaluation)


def test_functional_tests_cover_every_language_and_none_is_learnt(training):
    functional = rows(FUNCTIONAL)
    assert {row["lang"] for row in functional} == {row["lang"] for row in training}
    for language in {row["lang"] for row in functional}:
        for split in ("dev", "test"):
            own = [row for row in functional if row["lang"] == language and row["split"] == split]
            hate = sum(row["identity_attack"] for row in own) / len(own)
            assert len(own) >= 100
            assert 0.55 <= hate <= 0.8
    learnt = {(row["lang"], key(row["text"])) for row in training}
    assert [row for row in functional if (row["lang"], key(row["text"])) in learnt] == []


def test_the_package_ships_the_evaluation_file():
    assert str(EVALUATION.relative_to(Path.cwd())) in Path("pyproject.toml").read_text()
