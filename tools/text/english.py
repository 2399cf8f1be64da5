"""Writes moderation/data/english.txt: `python -m tools.text.english --data DATA`.

The whole words of BERT's vocabulary (Apache-2.0), and those of the training comments that five comments or more
have, mostly in small letters: names of people are left out, and so are slips of the pen. The most frequent come first.
A word is marked as heated if most of the Wikipedia comments that have it are toxic.
"""

import re
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from tokenizers import Tokenizer

from moderation.disguise.english import swapped_neighbours
from moderation.text import normalise

OUT = Path("moderation/data/english.txt")
_HEADER = """\
# English words, the most frequent first: what reading hidden words leans on (moderation/disguise/english.py).
# The whole words of the vocabulary of bert-base-uncased (Apache-2.0), and words that five or more of the comments
# have that `compact` is trained on, mostly in small letters. An exclamation mark: most of the comments with it are
# toxic. Written by `python -m tools.text.english`.
"""
_WORD = re.compile(r"(?<![\w@#/.])[A-Za-z]+(?![\w@/])")  # no handle, no hashtag, no part of an address
_SHORT = 3  # letters: so short, much of the vocabulary is no word
_COMMENTS = {True: 30, False: 5}  # that a word must stand in: a short one, a longer one
_SMALL = 0.6  # of the comments with a word that is no name
_DRAWN = ("jigsaw2018", "wikipedia_context_gn", "wikipedia_context_gc", "debiasing_nontoxic")
_TRUE = 0.5  # share of raters
_KNOWN, _MOST = 10, 0.6  # comments with a heated word at least; how many of them are toxic
_SLIP = 20  # times as frequent as a slip of it is the word itself


@dataclass
class Counts:
    """In how many comments each word stands, in small letters.

    Attributes:
        seen: of all.
        small: where it is written so.
        drawn: of those that nobody chose for their words.
        toxic: of these, toxic ones.
    """

    seen: Counter[str] = field(default_factory=Counter)
    small: Counter[str] = field(default_factory=Counter)
    drawn: Counter[str] = field(default_factory=Counter)
    toxic: Counter[str] = field(default_factory=Counter)


def english(comments: Iterable[Mapping[str, Any]], vocabulary: Iterable[str]) -> list[str]:
    """Return the lines: the words, the most frequent first, the heated ones marked.

    Args:
        comments: with `text`, `source` and `toxicity`.
        vocabulary: pieces, the most frequent first.
    """
    counts = _count(comments)
    ranks = {word: rank for rank, word in enumerate(vocabulary) if re.fullmatch("[a-z]+", word)}
    words = {word for word in {*ranks, *counts.seen} if _is_word(word, counts, ranks)}
    words -= {word for word in words - ranks.keys() if _is_slip(word, counts)}
    ordered = sorted(words, key=lambda word: (-counts.seen[word], ranks.get(word, len(ranks)), word))
    return [word + "!" * _is_heated(word, counts) for word in ordered]


def _count(comments: Iterable[Mapping[str, Any]]) -> Counts:
    counts = Counts()
    for comment in comments:
        written = set(_WORD.findall(normalise(comment["text"]).text))
        small = {word.lower() for word in written}
        counts.seen.update(small)
        counts.small.update(word for word in written if word.islower())
        if comment["source"] in _DRAWN and comment["toxicity"] is not None:
            counts.drawn.update(small)
            counts.toxic.update(small if comment["toxicity"] >= _TRUE else ())
    return counts


def _is_word(word: str, counts: Counts, ranks: Mapping[str, int]) -> bool:
    if re.search(r"(.)\1\1", word) or (len(word) == 1 and word not in "aiu"):
        return False
    often = counts.seen[word] >= _COMMENTS[len(word) <= _SHORT]
    if word in ranks:
        return often or len(word) > _SHORT
    return often and len(word) > _SHORT and counts.small[word] >= _SMALL * counts.seen[word]


def _is_slip(word: str, counts: Counts) -> bool:
    return any(counts.seen[other] >= _SLIP * counts.seen[word] for other in swapped_neighbours(word))


def _is_heated(word: str, counts: Counts) -> bool:
    return counts.drawn[word] >= _KNOWN and counts.toxic[word] >= _MOST * counts.drawn[word]


def _training_comments(data: Path) -> list[dict[str, Any]]:
    rows = pq.read_table(
        data / "comments_en.parquet",
        columns=["text", "source", "toxicity"],
        filters=[("split", "=", "train"), ("source", "!=", "bias_madlibs")],  # made from templates
    )
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def main() -> None:
    """Write the file."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the labelled comments")
    given = parser.parse_args()
    weights = files("moderation").joinpath("scoring/weights/compact/tokenizer.json")
    ids = Tokenizer.from_str(weights.read_text(encoding="utf-8")).get_vocab()
    words = english(_training_comments(given.data), sorted(ids, key=ids.__getitem__))
    OUT.write_text(_HEADER + "\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words in {OUT}")


if __name__ == "__main__":
    main()
