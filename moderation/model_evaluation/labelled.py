"""Labelled comments, in columns."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
"""One number a comment, 0-1; NaN where there is none."""

POSITIVE = 0.5
"""From which label on a comment counts as having an attribute; labels may be shares of raters."""


@dataclass(frozen=True)
class Labelled:
    """A set of labelled comments.

    Attributes:
        name: of the file, without its folder.
        sha256: of the file, hex.
        texts: what was written.
        labels: by attribute; NaN where nobody labelled.
        columns: further columns by name, to break figures down by; empty text where a row has nothing.
        frozen: scores of other systems that stand in the file: by system, by attribute.
    """

    name: str
    sha256: str
    texts: list[str] = field(repr=False)
    labels: dict[str, Numbers] = field(repr=False)
    columns: dict[str, list[str]] = field(default_factory=dict, repr=False)
    frozen: dict[str, dict[str, Numbers]] = field(default_factory=dict, repr=False)


def truth_of(labels: Numbers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which comments are labelled, and which of all have the attribute."""
    return ~np.isnan(labels), np.nan_to_num(labels) >= POSITIVE
