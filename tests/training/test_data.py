"""What an epoch is made of: the right rows, their labels masked where nobody labelled."""

import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typing_extensions import override

pytest.importorskip("torch")

from tests.support.scorers import FakeScorer
from tools.training import augment, shipped
from tools.training.augment import as_read, augmented
from tools.training.config import Capped, Part, TeacherChoices
from tools.training.data import FILES, Comments, epoch_rows, read_comments
from tools.training.ngrams import softened
from tools.training.templates import sentences

ATTRIBUTES = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
CHOICES = {
    "languages": ["en"],
    "base": "nowhere",
    "layers": 1,
    "max_tokens": 16,
    "tokens_per_batch": 512,
    "epochs": 1.0,
    "learning_rate": 1e-3,
    "warmup": 0.1,
    "weight_decay": 0.0,
    "average_over": 0.5,
    "augmented": 0.5,
    "templates": 0,
    "calibrate_on": ["a"],
    "sources": {"a": {"weight": 1.0, "share": 1.0}, "b": {"weight": 0.5, "share": 2.5}},
}


def part(**changes):
    return Part.model_validate(CHOICES | changes)


def row(text, source="a", lang="en", split="train", **labels):
    return {"text": text, "lang": lang, "source": source, "split": split} | {
        name: labels.get(name) for name in ATTRIBUTES
    }


@pytest.fixture
def folder(tmp_path):
    rows = [
        row("one", toxicity=1.0, insult=0.5),
        row("two", source="b", toxicity=0.0),
        row("three", source="unknown", toxicity=0.0),
        row("drei", lang="de", toxicity=0.0),
        row("four", split="dev", toxicity=0.0),
    ]
    schema = pa.schema(
        [(name, pa.string()) for name in ("text", "lang", "source", "split")]
        + [(name, pa.float32()) for name in ATTRIBUTES]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema), tmp_path / "comments_en.parquet")
    for file in FILES[1:]:
        pq.write_table(pa.Table.from_pylist([], schema), tmp_path / file)
    return tmp_path


def test_only_rows_of_the_split_the_sources_and_the_languages_are_read(folder):
    comments = read_comments(folder, part(), "train", ATTRIBUTES)
    assert comments.texts == ["one", "two"]
    assert comments.weights.tolist() == [1.0, 0.5]
    assert read_comments(folder, part(), "dev", ATTRIBUTES).texts == ["four"]


def test_what_nobody_labelled_is_not_a_number(folder):
    labels = read_comments(folder, part(), "train", ATTRIBUTES).labels
    np.testing.assert_array_equal(labels[0], [1.0, np.nan, np.nan, np.nan, 0.5, np.nan])


def test_an_epoch_takes_each_source_by_its_share():
    comments = Comments(
        list("aabbbb"), np.zeros((6, 6), np.float32), np.ones(6, np.float32), list("aabbbb"), ["en"] * 6
    )
    rows = epoch_rows(comments, part(), random.Random(0))
    assert sorted(rows)[:2] == [0, 1]
    assert len(rows) == 2 + 10
    assert all(rows.count(number) in {2, 3} for number in range(2, 6))
    assert rows == epoch_rows(comments, part(), random.Random(0))


def test_an_epoch_may_take_another_share_of_one_language():
    comments = Comments(
        list("abcd"),
        np.zeros((4, 6), np.float32),
        np.ones(4, np.float32),
        ["a"] * 4,
        ["en", "en", "ko", "ko"],
    )
    chosen = part(sources={"a": {"weight": 1.0, "share": 3.0, "share_in": {"en": 0.5}}})
    rows = epoch_rows(comments, chosen, random.Random(0))
    assert [sum(row in own for row in rows) for own in ({0, 1}, {2, 3})] == [1, 6]


def test_templates_are_filled_and_half_of_them_harmless():
    made = sentences(400, ("ko", "en", "ar"), random.Random(0))
    assert not any("{" in text for text in made.texts)
    assert set(made.languages) == {"ko", "en"}
    assert 150 < (made.labels[:, 0] >= 0.5).sum() < 250
    assert sentences(10, ("ar",), random.Random(0)).texts == []


def test_augmentation_is_repeatable_and_often_changes_something():
    texts = [augmented("You are a complete idiot", random.Random(seed)) for seed in range(60)]
    assert texts == [augmented("You are a complete idiot", random.Random(seed)) for seed in range(60)]
    assert len(set(texts)) > 20
    assert augmented("", random.Random(3)) is not None


def test_the_model_reads_what_it_reads_in_production():
    assert as_read("1d1ot  f\u200bool", "en") == "idiot fool"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("_hangul_apart", "바1보 같은 놈"),
        ("_jamo_apart", "ㅂㅏㅂㅗ 같은 놈"),
        ("_wrong_keyboard", "qkqh 같은 놈"),
        ("_initials", "바보 같은 놈"),
        ("_look_alikes", "바보 같은 놈"),
        ("_hangul_spacing", "바보같은놈"),
    ],
)
def test_korean_is_hidden_as_people_type_it(change, expected):
    class Always(random.Random):
        calls = 0

        @override
        def random(self):
            self.calls += 1
            return 0.0 if self.calls == 1 else 0.99

        @override
        def choice(self, options):
            return "1" if "1" in options else options[0]

    assert getattr(augment, change)("바보 같은 놈", Always()) == expected


def test_swear_words_become_initials_and_syllables_their_look_alikes():
    assert augment._initials("씨발 진짜 개새끼", random.Random(0)) == "ㅅㅂ 진짜 ㄱㅅㄲ"
    assert augment._look_alikes("멍멍이", random.Random(0)) == "댕댕이"
    assert augment._wrong_keyboard("", random.Random(0)) == ""
    assert "".join(augment._letters("값")) == "ㄱㅏㅄ"


def shipped_says(monkeypatch, score):
    monkeypatch.setattr(shipped, "open_scorer", lambda _: FakeScorer(lambda _: score))


def test_labels_are_drawn_to_the_shipped_networks_and_gaps_filled(tmp_path, monkeypatch):
    shipped_says(monkeypatch, 0.2)
    labels = np.array([[1.0, *[np.nan] * 5], [1.0, *[np.nan] * 5]], np.float32)
    comments = Comments(["one", "two"], labels, np.ones(2, np.float32), ["a", "b"], ["en", "en"])
    found = shipped.drawn(comments, TeacherChoices(trust=0.25, sources=("a",)), tmp_path).labels
    np.testing.assert_allclose(found[0], [0.8, *[0.2] * 5], rtol=1e-6)
    np.testing.assert_array_equal(found[1], labels[1])


@pytest.mark.parametrize(("score", "expected"), [(0.2, 0.1), (0.9, 0.3)])
def test_where_only_hate_was_judged_toxicity_is_capped_and_never_0(tmp_path, monkeypatch, score, expected):
    shipped_says(monkeypatch, score)
    labels = np.full((3, 6), np.nan, np.float32)
    labels[1, 0] = 1.0
    comments = Comments(["one", "two", "three"], labels, np.ones(3, np.float32), ["a", "a", "b"], ["en"] * 3)
    found = shipped.capped(comments, Capped(share=0.5, limit=0.3, sources=("a",)), tmp_path).labels
    np.testing.assert_allclose(found[:, 0], [expected, 1.0, np.nan])
    assert np.isnan(found[:, 1:]).all()


def test_labels_are_drawn_to_what_the_other_comments_say():
    texts = [
        "너는 바보",
        "바보 같은 놈",
        "바보야",
        "기사 감사합니다",
        "감사합니다 기자님",
        "좋은 기사 감사",
    ] * 8
    labels = np.full((48, 6), np.nan, dtype=np.float32)
    labels[:, 0] = [1, 1, 1, 0, 0, 0] * 8
    labels[0, 0] = 0  # a slip: every other comment with the word is toxic
    labels[47, 0] = np.nan
    comments = Comments(texts, labels, np.ones(48, dtype=np.float32), ["a"] * 48, ["ko"] * 48)
    found = softened(comments, TeacherChoices(trust=0.5, sources=("a",))).labels
    assert found[0, 0] > 0.3
    assert found[6, 0] > 0.9
    assert found[3, 0] < 0.1
    assert np.isnan(found[47, 0])
    assert np.isnan(found[:, 1:]).all()


@pytest.mark.torch
def test_without_its_base_a_part_starts_from_the_other_one(tmp_path):
    from tools.training.network import encoder_of

    (tmp_path / "other").mkdir()
    assert (
        encoder_of(part(base="no/where", base_else=str(tmp_path / "other")), tmp_path) == tmp_path / "other"
    )
    for missing in ({"base": "no/where"}, {"base": "no/where", "base_else": "no_such_package"}):
        with pytest.raises(FileNotFoundError, match="no"):
            encoder_of(part(**missing), tmp_path)


@pytest.mark.torch
def test_the_teachers_scores_are_kept_for_the_run_that_goes_on(tmp_path, monkeypatch):
    pytest.importorskip("h5py")
    from tools.training import teacher

    asked = []

    class Constant:
        def score(self, texts):
            asked.append(texts)
            return np.full((len(texts), len(ATTRIBUTES)), 0.25, np.float32)

    monkeypatch.setattr(teacher, "Teacher", Constant)
    labels = np.array([[1.0, *[np.nan] * 5], [np.nan] * 6], np.float32)
    comments = Comments(["one", "two"], labels, np.ones(2, np.float32), ["jigsaw2018", "b"], ["en", "en"])
    choices = TeacherChoices(trust=0.5, sources=("jigsaw2018",))
    first, second = (teacher.taught(comments, choices, tmp_path).labels for _ in range(2))
    assert asked == [["one"]]
    np.testing.assert_array_equal(first, second)
    assert first[0, :2].tolist() == [0.625, 0.25]
