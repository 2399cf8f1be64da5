"""Writes moderation/data/languages.txt: `python -m tools.text.languages --data DATA --stopwords FILE`.

For languages with labelled comments, the words of the training comments, the most frequent first: a word's share is
the mean of its shares in the releases, so that no single one decides, and a word must stand in two. Comments that
`tools/benchmarks/language.py` measures on are left out, and so are comments made from templates or by machines.

For the other languages of the Latin script that langdetect tells, the words of function_words.txt, and behind them
those of stopwords-iso (MIT): FILE is `stopwords-iso.json` of the package `stopwordsiso` 0.7.1.
"""

import gzip
import json
import re
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow.parquet as pq

from moderation.language.words import plain_word
from moderation.text import normalise

HERE = Path(__file__).parent
OUT = Path("moderation/data/languages.txt")
WRITTEN = Path("tools/training/written/training.parquet")
SAMPLES = Path("tools/benchmarks/data/language_samples.jsonl.gz")
_HEADER = """\
# Words of languages in the Latin script, the most frequent first, without accents: moderation/language/words.py.
# A line: code, letters beyond a to z, words. English has its words in english.txt. In es, de, fr, pt, it and tr: words
# of the comments that `compact` is trained on. In the others: written for this, then those of stopwords-iso
# (https://github.com/stopwords-iso/stopwords-iso), The MIT License, Copyright (c) 2020 Gene Diaz. Permission is hereby
# granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
# "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
# modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
# Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission
# notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS",
# WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
# FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
# FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF
# OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
# Written by `python -m tools.text.languages`.
"""
_NO_WORDS = re.compile(r"(?:https?|hxxps?|ftp)://\S+|\bwww\.\S+|[@#]\w+|&\w+;", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_PLACEHOLDERS = {"user", "rt", "link", "hashtag", "url", "com"}  # for what the releases took out of a text
_MOST = 3_000  # words of a language
_RELEASES = 2  # that a word must stand in
_NONE = "-"  # where a language has no letters beyond a to z
_KEY = 40  # characters that a comment is known by

Release = tuple[str, str]
"""A language, and where its comments come from."""


def most_frequent(releases: Iterable[Mapping[str, int]]) -> list[str]:
    """Rank the words of one language by their mean share in its releases.

    Args:
        releases: of each, in how many comments each word stands.
    """
    shares: defaultdict[str, float] = defaultdict(float)
    standing: Counter[str] = Counter()
    for counts in releases:
        total = sum(counts.values())
        standing.update(counts.keys())
        for word, count in counts.items():
            shares[word] += count / total
    words = [word for word in shares if standing[word] >= _RELEASES]
    return sorted(words, key=lambda word: (-shares[word], word))[:_MOST]


def count_words(
    comments: Iterable[Mapping[str, str]], left_out: Iterable[str]
) -> dict[Release, Counter[str]]:
    """Count for each release in how many of its comments each word stands.

    Args:
        comments: with `text`, `lang` and `source`.
        left_out: beginnings of texts that don't count.
    """
    keys = {text[:_KEY] for text in left_out}
    counted: defaultdict[Release, Counter[str]] = defaultdict(Counter)
    for comment in comments:
        if comment["text"][:_KEY] not in keys:
            text = _NO_WORDS.sub(" ", normalise(comment["text"]).text).lower()
            words = {plain_word(word) for word in _WORD.findall(text)} - _PLACEHOLDERS
            release = comment["source"].removesuffix("_training").removesuffix("_test")
            counted[comment["lang"], release].update(words)
    return counted


def function_words() -> Iterator[tuple[str, str, list[str]]]:
    """Yield each language of function_words.txt: its code, its letters, its words."""
    for line in (HERE / "function_words.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _, words = line.partition(":")
            code, _, alphabet = head.partition(" ")
            yield code, alphabet, words.split()


def _training_comments(data: Path, languages: set[str]) -> Iterator[dict[str, str]]:
    for file in (data / "comments_other.parquet", data / "more_other.parquet", WRITTEN):
        chosen = [("split", "=", "train"), ("lang", "in", languages)]
        yield from pq.read_table(file, columns=["text", "lang", "source"], filters=chosen).to_pylist()


def _sample_texts() -> Iterator[str]:
    with gzip.open(SAMPLES, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in lines)


def _stopwords(file: Path) -> dict[str, list[str]]:
    """Read the entries that are one word."""
    found: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return {
        code: sorted(word for word in map(str.lower, entries) if _WORD.fullmatch(word))
        for code, entries in found.items()
    }


def main() -> None:
    """Write the file."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the labelled comments")
    parser.add_argument("--stopwords", type=Path, required=True, help="stopwords-iso.json")
    given = parser.parse_args()
    table, more = list(function_words()), _stopwords(given.stopwords)
    counted = count_words(
        _training_comments(given.data, {code for code, _, words in table if not words}), _sample_texts()
    )
    lines = []
    for code, alphabet, written in table:
        own = most_frequent(counts for (lang, _), counts in counted.items() if lang == code)
        words = own or dict.fromkeys(map(plain_word, (*written, *more.get(code, ()) * bool(written))))
        lines.append(" ".join((code, alphabet or _NONE, *words)))
    OUT.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{sum(len(line.split(' ')) - 2 for line in lines)} words of {len(lines)} languages in {OUT}")


if __name__ == "__main__":
    main()
