"""Labelled comments, with what is not labelled masked."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tools.training.config import Part

FILES = ("comments_en.parquet", "comments_other.parquet", "more_en.parquet", "more_other.parquet")

WRITTEN = Path(__file__).with_name("written") / "training.parquet"
"""Comments written for this: the source `written` of every language; see written/README.md."""

FUNCTIONAL = WRITTEN.with_name("functional.parquet")
"""Functional tests of hate, never trained on: split `dev` to calibrate, `test` to report; see written/README.md."""


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments in rows.

    Attributes:
        texts: what was written.
        labels: shape (rows, attributes), 0-1; NaN where nobody labelled.
        weights: how much each row counts.
        sources: where each row is from.
        languages: ISO 639-1 code of each row.
    """

    texts: list[str]
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]
    sources: list[str]
    languages: list[str]

    def take(self, rows: list[int]) -> "Comments":
        """Return some rows."""
        return Comments(
            [self.texts[row] for row in rows],
            self.labels[rows],
            self.weights[rows],
            [self.sources[row] for row in rows],
            [self.languages[row] for row in rows],
        )

    def __add__(self, other: "Comments") -> "Comments":
        return Comments(
            self.texts + other.texts,
            np.concatenate((self.labels, other.labels)),
            np.concatenate((self.weights, other.weights)),
            self.sources + other.sources,
            self.languages + other.languages,
        )


def read_comments(folder: Path, part: Part, split: str, attributes: tuple[str, ...]) -> Comments:
    """Read the rows of a part's sources and languages, of the folder and of those written for this.

    Raises:
        FileNotFoundError: the folder lacks a file.
    """
    rows = [
        row
        for file in (*(folder / name for name in FILES), WRITTEN)
        for row in pq.read_table(file).to_pylist()
        if row["split"] == split and row["source"] in part.sources and row["lang"] in part.languages
    ]
    labels = [[np.nan if row[name] is None else row[name] for name in attributes] for row in rows]
    return Comments(
        [row["text"] for row in rows],
        np.array(labels, dtype=np.float32).reshape(-1, len(attributes)),
        np.array([part.sources[row["source"]].weight for row in rows], dtype=np.float32),
        [row["source"] for row in rows],
        [row["lang"] for row in rows],
    )


def epoch_rows(comments: Comments, part: Part, rng: random.Random) -> list[int]:
    """Choose the rows of one epoch: each source by its share (in that language), in no order."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, group in enumerate(zip(comments.sources, comments.languages, strict=True)):
        groups.setdefault(group, []).append(row)
    chosen: list[int] = []
    for (source, language), rows in sorted(groups.items()):
        choices = part.sources[source]
        whole, rest = divmod(choices.share_in.get(language, choices.share), 1)
        chosen += rows * int(whole) + rng.sample(rows, int(len(rows) * rest))
    rng.shuffle(chosen)
    return chosen
