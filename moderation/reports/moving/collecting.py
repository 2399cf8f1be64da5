"""Scores of both systems, collected from a file: numbers only, so that any file fits into memory."""

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from moderation.comment_files.perspective import PerspectiveFile, PerspectiveRow
from moderation.domain import Outcome
from moderation.pipeline import Pipeline
from moderation.reports.moving.numbers import Flags, ScoreArray
from moderation.reports.scoring import score_texts

_MOST_TEXTS, _MOST_CHARACTERS = 256, 1_000_000  # that are scored at a time


@dataclass(frozen=True, slots=True)
class Compared:
    """What both systems say of the same comments, one number a comment.

    Attributes:
        lines: where each stands in the file.
        theirs: scores of the other system.
        ours: scores of the model.
        known: whether the file says what became of the comment.
        rejected: whether it was rejected.
    """

    lines: NDArray[np.int64]
    theirs: ScoreArray
    ours: ScoreArray
    known: Flags
    rejected: Flags

    def __len__(self) -> int:
        return len(self.lines)

    def only(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> "Compared":
        """Return some of them."""
        return Compared(
            self.lines[which], self.theirs[which], self.ours[which], self.known[which], self.rejected[which]
        )


@dataclass(slots=True)
class Collected:
    """The numbers of a file.

    Attributes:
        scored: comments that the model scored.
        left_out: comments that it has no score for, by language and how the scoring ended.
        unscored_attributes: attributes that the file has scores of, and the model has not.
    """

    scored: int = 0
    left_out: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    unscored_attributes: set[str] = field(default_factory=set)
    _lines: "array[int]" = field(default_factory=lambda: array("q"))
    _languages: "array[int]" = field(default_factory=lambda: array("H"))
    _labels: "array[int]" = field(default_factory=lambda: array("b"))  # 1 rejected, 0 published, -1 unknown
    _codes: dict[str, int] = field(default_factory=dict)
    _scores: dict[str, tuple["array[float]", "array[float]"]] = field(default_factory=dict)

    def add(self, row: PerspectiveRow, language: str, ours: "dict[str, float]") -> None:
        """Add a comment that the model scored."""
        for attribute in row.scores:
            if attribute not in ours:
                self.unscored_attributes.add(attribute)
            elif attribute not in self._scores:
                unknown = [math.nan] * self.scored
                self._scores[attribute] = array("d", unknown), array("d", unknown)
        for attribute, (their_scores, our_scores) in self._scores.items():
            their_scores.append(row.scores.get(attribute, math.nan))
            our_scores.append(ours[attribute])
        self._lines.append(row.line)
        self._languages.append(self._codes.setdefault(language, len(self._codes)))
        self._labels.append(-1 if row.rejected is None else int(row.rejected))
        self.scored += 1

    @property
    def attributes(self) -> list[str]:
        """Attributes that both have scores of."""
        return list(self._scores)

    @property
    def languages(self) -> list[str]:
        """Languages of the comments."""
        return list(self._codes)

    def compared(self, attribute: str, language: str | None = None) -> Compared:
        """Return the numbers of an attribute, in a language or in all."""
        theirs, ours = (np.frombuffer(scores, dtype=np.float64) for scores in self._scores[attribute])
        labels = np.frombuffer(self._labels, dtype=np.int8)
        lines = np.frombuffer(self._lines, dtype=np.int64)
        chosen = ~np.isnan(theirs)
        if language is not None:
            code = self._codes.get(language, len(self._codes))  # which no comment has
            chosen &= np.frombuffer(self._languages, dtype=np.uint16) == code
        return Compared(lines, theirs, ours, labels >= 0, labels > 0).only(chosen)


def collect(file: PerspectiveFile, pipeline: Pipeline, progress: Callable[[int], None]) -> Collected:
    """Score every comment of a file.

    Raises:
        InputFileError: the file changed since it was surveyed.
    """
    found = Collected()
    for rows in _chunks(file.rows()):
        scored = score_texts(pipeline, [row.text for row in rows], [row.language for row in rows])
        for row, one in zip(rows, scored, strict=True):
            if one.outcome is Outcome.OK:
                found.add(row, one.language, dict(one.scores))
            else:
                found.left_out[one.language, one.outcome] += 1
        progress(len(rows))
    return found


def _chunks(rows: Iterator[PerspectiveRow]) -> Iterator[Sequence[PerspectiveRow]]:
    chunk: list[PerspectiveRow] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row.text)
        if len(chunk) == _MOST_TEXTS or size > _MOST_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
