"""Comments as tensors: equal lengths together, no batch larger than the budget of tokens."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from tools.training.augment import as_read, augmented
from tools.training.config import Part
from tools.training.data import Comments

_POOL = 4096  # comments that are sorted by length together


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of a step; shapes (rows, tokens), (rows, attributes) and (rows,)."""

    ids: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor
    weights: torch.Tensor


def encode(tokenizer: Tokenizer, texts: list[str], max_tokens: int) -> list[list[int]]:
    """Return the ids of each text as the model reads it, cut at `max_tokens`."""
    tokenizer.enable_truncation(max_tokens)
    found = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    tokenizer.no_truncation()
    return found


def batches(
    comments: Comments, part: Part, tokenizer: Tokenizer, padding: int, rng: random.Random
) -> Iterator[Batch]:
    """Yield the batches of one epoch over the rows, in their order but for length."""
    for begin in range(0, len(comments.texts), _POOL):
        pool = range(begin, min(begin + _POOL, len(comments.texts)))
        texts = [
            as_read(augmented(text, rng) if rng.random() < part.augmented else text, language)
            for text, language in ((comments.texts[row], comments.languages[row]) for row in pool)
        ]
        ids = dict(zip(pool, encode(tokenizer, texts, part.max_tokens), strict=True))
        groups = list(_groups(ids, part.tokens_per_batch))
        rng.shuffle(groups)
        for rows in groups:
            yield _batch(comments, rows, [ids[row] for row in rows], padding)


def _groups(ids: dict[int, list[int]], budget: int) -> Iterator[list[int]]:
    rows: list[int] = []
    for row in sorted(ids, key=lambda row: len(ids[row])):
        if rows and ((len(rows) + 1) * len(ids[row]) > budget or len(rows) >= 128):  # noqa: PLR2004
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def padded(ids: list[list[int]], padding: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids filled up to the longest, and which of them are real."""
    width = max(map(len, ids))
    filled = np.full((len(ids), width), padding, dtype=np.int64)
    mask = np.zeros((len(ids), width), dtype=np.int64)
    for row, numbers in enumerate(ids):
        filled[row, : len(numbers)] = numbers
        mask[row, : len(numbers)] = 1
    return torch.from_numpy(filled), torch.from_numpy(mask)


def _batch(comments: Comments, rows: list[int], ids: list[list[int]], padding: int) -> Batch:
    filled, mask = padded(ids, padding)
    return Batch(
        filled, mask, torch.from_numpy(comments.labels[rows]), torch.from_numpy(comments.weights[rows])
    )
