"""The embedded model on ONNX Runtime: the same score for the same text, and the one that Detoxify gives."""

import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import moderation.scoring
from moderation.errors import ModelCorruptError
from moderation.scoring import basis_of, open_scorer
from moderation.scoring.folder import Manifest, ModelFolder, checksums, read_manifest, write_manifest
from moderation.scoring.onnx import OnnxScorer
from tests.support.laws import examples

EMBEDDED = Path(moderation.scoring.__file__).parent / "weights" / "compact"
TEXTS = (
    "You are an idiot",
    "Thank you for this careful article about the city council.",
    "",
    "ok",
    "lol ok",
    "10/10 👍",
    "I disagree with the author: the budget numbers come from 2019, not from this year.",
    "go back to where you came from",
    "나는 이 기사에 동의하지 않는다",
    "half a \ud83d pair",
    "nul \x00 inside",
)
VOCABULARY = [
    "you",
    "idiot",
    "stupid",
    "thank",
    "the",
    "council",
    "article",
    "kill",
    "love",
    "budget",
    "vote,",
    ".",
    "!",
    "really",
    "not",
]
MEAN, MAX = 0.01, 0.10  # what int8 arithmetic may add to or take from a score


def comments(count, seed=5):
    """Texts of many lengths, several of each."""
    chance = random.Random(seed)
    return [" ".join(chance.choices(VOCABULARY, k=chance.randint(1, 40))) for _ in range(count)]


def test_it_tells_an_insult_from_thanks(compact):
    insult, thanks = compact.score(TEXTS[:2])
    assert insult["toxicity"] > 0.9
    assert thanks["toxicity"] < 0.1


def test_it_says_what_it_is(compact):
    name, digest = compact.model.split("@")
    assert (name, len(digest)) == ("compact", 12)
    assert compact.engine.startswith("onnx ")
    basis = basis_of(compact)
    assert basis.files == read_manifest(EMBEDDED).everything[:12]
    assert "tokenizers " in basis.runtime
    assert compact.languages == set(read_manifest(EMBEDDED).every_language)
    assert tuple(compact.score(["x"])[0]) == compact.attributes


def test_no_texts_are_no_scores(compact):
    assert compact.score([]) == []


def test_a_text_has_the_same_score_to_the_last_bit_in_any_batch_and_order(compact):
    texts = [*TEXTS, *comments(150), "word " * 1200]
    alone = {text: compact.score([text])[0] for text in texts}
    shuffled = sorted(texts, key=lambda text: text[::-1])
    for order in (texts, shuffled, texts[:40] * 2):
        assert compact.score(order) == [alone[text] for text in order]


def test_the_number_of_threads_changes_no_score():
    texts = comments(60)
    one, two = (OnnxScorer(ModelFolder(EMBEDDED), threads=threads) for threads in (1, 2))
    assert one.score(texts) == two.score(texts)


def test_threads_may_share_it(compact):
    texts = comments(40)
    expected = compact.score(texts)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(compact.score, [texts] * 8):
            assert found == expected


@given(text=st.text(max_size=80))
@examples(50)
def test_any_text_has_a_score_between_0_and_1(compact, text):
    (scores,) = compact.score([text])
    assert all(0 <= score <= 1 for score in scores.values())


def test_nothing_of_a_long_text_is_overlooked(compact):
    calm = "The council met on Tuesday and talked about the budget of the year. " * 60
    assert compact.score([calm])[0]["toxicity"] < 0.2
    (found,) = compact.score([calm + "You are a stupid fucking idiot. " * 3])
    assert found["toxicity"] > compact.score([calm])[0]["toxicity"] + 0.3


@pytest.mark.torch
def test_both_engines_agree(compact, compact_torch):
    texts = [*TEXTS, *comments(40), "word " * 600]
    pairs = zip(compact.score(texts), compact_torch.score(texts), strict=True)
    apart = [abs(ours[name] - theirs[name]) for ours, theirs in pairs for name in ours]
    assert max(apart) <= MAX
    assert sum(apart) / len(apart) <= MEAN


def test_a_closed_scorer_is_not_used_again():
    scorer = open_scorer("compact")
    scorer.close()
    with pytest.raises(RuntimeError, match="closed"):
        scorer.score(["x"])


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(EMBEDDED, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "weights.safetensors"])
def test_a_file_that_is_no_such_file_is_refused(copy, name):
    (copy / name).write_bytes(b"\x00nonsense")
    manifest = read_manifest(copy).model_dump() | {"files": checksums(copy)}
    write_manifest(copy, Manifest(**manifest))  # as if it had been made so
    with pytest.raises(ModelCorruptError):
        open_scorer(str(copy))


@pytest.mark.slow
def test_it_is_lean():
    """Neither torch nor transformers is imported, and the embedded files stay within what git should keep."""
    script = """
import sys
from moderation.scoring import open_scorer
print(open_scorer("compact").score(["You are an idiot"])[0]["toxicity"] > 0.9)
print({"torch", "transformers", "detoxify", "onnx"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "True\nset()\n"
    assert sum(file.stat().st_size for file in EMBEDDED.rglob("*") if file.is_file()) <= 60_000_000
