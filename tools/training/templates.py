"""Sentences made from templates.toml, with their labels."""

import random
import re
import tomllib
from pathlib import Path

import numpy as np

from tools.training.data import Comments

_SLOT = re.compile(r"\{(\w+)\}")
WEIGHT = 0.6


def sentences(count: int, languages: tuple[str, ...], rng: random.Random) -> Comments:
    """Make sentences, as many harmless as not, in those of the languages that have templates."""
    templates = tomllib.loads(Path(__file__).with_name("templates.toml").read_text(encoding="utf-8"))
    known = [language for language in languages if language in templates]
    texts, labels, chosen = [], [], []
    for number in range(count if known else 0):
        language = known[number % len(known)]
        block = rng.choice(templates[language]["toxic" if rng.random() < 0.5 else "benign"])  # noqa: PLR2004
        text = _fill(rng.choice(block["sentences"]), templates[language]["groups"], rng)
        texts.append(rng.choice((text, text[:1].upper() + text[1:] + ".", text.lower())))
        labels.append(block["labels"])
        chosen.append(language)
    return Comments(
        texts,
        np.array(labels, dtype=np.float32).reshape(len(texts), -1) if texts else np.zeros((0, 6), np.float32),
        np.full(len(texts), WEIGHT, dtype=np.float32),
        ["templates"] * len(texts),
        chosen,
    )


def _fill(sentence: str, groups: dict[str, list[str]], rng: random.Random) -> str:
    return _SLOT.sub(lambda slot: rng.choice(groups[slot[1]]), sentence)
