"""The comments that the benchmarks time: real ones, shipped with the project."""

import json
from itertools import cycle, islice
from pathlib import Path

DEMO = Path(__file__).parents[1] / "demo" / "comments.jsonl"
_BOX = 300  # characters of the first site's comment box


def english(count: int) -> list[str]:
    """Return English comments that fit the box, as they come; used again with a number if there are too few."""
    rows = map(json.loads, DEMO.read_text(encoding="utf-8").splitlines())
    texts = [row["text"] for row in rows if row["language"] == "en" and len(row["text"]) <= _BOX]
    numbered = enumerate(islice(cycle(texts), count))
    return [text if number < len(texts) else f"{text} {number // len(texts)}" for number, text in numbered]


def of_length(length: int, count: int) -> list[str]:
    """Return English texts of exactly `length` characters, each different, cut from real comments in a row."""
    joined = " ".join(english(200))
    step = max(1, (len(joined) - length) // count)
    return [joined[number * step : number * step + length] for number in range(count)]


def of_words(words: int, count: int) -> list[str]:
    """Return English texts of exactly so many words, cut from real comments in a row."""
    every = " ".join(english(400)).split()
    step = max(1, (len(every) - words) // count)
    return [" ".join(every[number * step : number * step + words]) for number in range(count)]
